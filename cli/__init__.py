"""The command `twinline`."""
