"""The pages of accounts: coming in, and one's own account."""
