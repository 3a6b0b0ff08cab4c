"""Messages: every text the system can send, the outbox, and how they leave."""
