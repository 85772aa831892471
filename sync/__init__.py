"""The engine's decisions, pure: values in, values out. No clock, no network, no database, no Temporal."""
