"""Reading a course folder from disk: pure, without Flask or database."""
