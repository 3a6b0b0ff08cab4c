"""Signatures in PDF files, pure: signing, timestamps, and judging what a file carries."""
