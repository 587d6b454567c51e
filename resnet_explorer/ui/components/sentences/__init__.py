"""Shows sentences in the visitor's language."""
