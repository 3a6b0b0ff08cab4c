"""Item banks: what can be asked, in versions that never change."""
