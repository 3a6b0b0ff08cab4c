"""Continuing professional development: what holders do to stay able, recorded by themselves or told by other features."""
