"""Practice: questions with feedback at once, as often as wanted, that count for nothing."""
