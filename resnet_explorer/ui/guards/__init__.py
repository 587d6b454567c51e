"""What every request passes before the page sees it: who may ask, how much, and which of Gradio's routes are open."""
