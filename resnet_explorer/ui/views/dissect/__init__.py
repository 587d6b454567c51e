"""The view Dissect: look inside networks, at init or trained, by the analyses of the catalog."""
