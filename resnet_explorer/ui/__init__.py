"""The page: Gradio's app, the routes beside it, and the JavaScript and styles that a browser loads.

Routes read a request, call a verb and send its answer. Gradio and starlette are imported here alone.
"""
