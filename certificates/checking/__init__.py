"""Checking a certificate by number, by code or by file: one answer for page, JSON and command line."""
