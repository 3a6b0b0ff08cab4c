"""Reading files of strangers in a process of its own: photographs of codes, and what a changed PDF says."""
