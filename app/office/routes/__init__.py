"""The pages of the office, one room a subject."""
