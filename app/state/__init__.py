"""QObjects without widgets: everything the window shows, alive."""
