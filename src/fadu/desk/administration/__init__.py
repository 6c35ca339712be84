"""The pages of the three administrators: each sees the sections of their own work, and nobody those of another."""
