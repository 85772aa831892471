"""Settings, and the opening and running of what they name."""
