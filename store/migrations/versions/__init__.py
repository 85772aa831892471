"""One file per migration. A released one is never edited."""
