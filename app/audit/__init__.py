"""The trail: who did what, chained so that a later edit shows."""
