"""Years of work, made through the same actions as any other: a published year from its numbers, and the demo city."""
