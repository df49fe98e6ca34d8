"""Dialogs that tell or show a choice to make; what can be undone is never asked."""
