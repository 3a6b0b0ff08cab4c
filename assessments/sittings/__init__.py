"""Sittings: when and where an exam is sat under supervision, who is seated, who watches, and what happened."""
