"""One file a view: NAME, TITLE and build(page)."""
