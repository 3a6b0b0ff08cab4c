"""The pages of the item bank."""
