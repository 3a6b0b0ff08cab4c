"""What was earned: awards, credentials, signed documents, keys, status and verification."""
