"""What becomes of a certificate: its status and history, suspending, revoking, mending, and being replaced."""
