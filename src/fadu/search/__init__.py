"""Finding Chinese text exactly: overlapping two-character tokens, indexed by the database itself."""
