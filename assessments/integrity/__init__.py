"""Reasons to look at attempts, and what the figures of an exam are worth: reports for officers. Nothing follows by itself."""
