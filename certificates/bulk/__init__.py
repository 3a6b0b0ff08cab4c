"""Checking many certificates at once: a list of numbers and names, or an archive of files, and the signed record of it."""
