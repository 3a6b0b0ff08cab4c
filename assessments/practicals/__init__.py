"""Practicals: work that is handed in, marked by an assessor who does not know whose it is, and released."""
