"""Components that Gradio lacks, one folder each: NAME.py (a subclass of gr.HTML), NAME.js and NAME.css."""
