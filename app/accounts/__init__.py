"""People: joining, signing in, sessions, roles, consent."""
