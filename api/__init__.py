"""The REST API: parse, call one operation, answer."""
