"""Use cases without widgets, called by the window, the command line and the tests alike."""
