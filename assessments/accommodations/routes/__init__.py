"""The pages of accommodations: a member's own, and those of officers."""
