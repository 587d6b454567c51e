"""Shows small pictures with words under them."""
