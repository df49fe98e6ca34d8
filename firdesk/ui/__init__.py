"""The window; knows services and domain, never the store."""
