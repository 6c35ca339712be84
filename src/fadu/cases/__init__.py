"""Cases kept in a database: one write path, one authorization predicate, and the ledger that can be verified."""
