"""Showing a certificate to others: links with a log, watching for changes, and the picture of a public one."""
