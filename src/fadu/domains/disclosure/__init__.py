"""Disclosure on request: the fee is the one amount that conditions cannot say."""
