"""The rules of rules: definitions, clocks, decisions and the chained ledger. Plain Python; no Django, no domain."""
