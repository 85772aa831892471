"""Migrations of the database, oldest first in `versions`."""
