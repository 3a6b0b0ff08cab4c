"""The pages of certificates: for everyone, for holders, for officers."""
