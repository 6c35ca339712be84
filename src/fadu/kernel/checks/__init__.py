"""The checks, one concern a module. Each reads one procedure of a library and yields its faults."""
