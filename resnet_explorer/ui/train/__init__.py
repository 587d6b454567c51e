"""The Train view's routes: the form's choices, a preview of what would be trained, and the stream of runs."""
