"""Views of the page before Gradio's, until their own are there: one component that draws them as they were."""
