"""Commands: each parses, makes one call and prints."""
