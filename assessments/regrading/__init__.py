"""Keys validated before results are released, and results worked out again when a key was wrong."""
