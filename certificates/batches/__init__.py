"""Issuing the certificates of a cohort in one go: who is meant, what each waits for, and the making of all that is ordered."""
