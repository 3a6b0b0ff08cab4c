"""The printed certificate: what it says, how it is laid out and drawn."""
