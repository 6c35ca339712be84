"""Data that comes with Fadu; `calendar/` holds the State Council's holiday arrangements, one file a year."""
