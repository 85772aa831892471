"""The demo: two fake systems with people who work in them, and a connection that keeps them in line."""
