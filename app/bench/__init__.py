"""What Laurel costs: its pages replayed against the real server, in ratios to a bare application beside it."""
