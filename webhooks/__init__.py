"""Where platforms call us."""
