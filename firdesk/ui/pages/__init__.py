"""One module a page of the left rail."""
