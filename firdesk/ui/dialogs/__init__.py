"""Dialogs that only tell; what can be undone is never asked."""
