"""Kinds of item, one file each. A new kind is a new file and one line in registry.py."""
