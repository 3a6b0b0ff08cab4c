"""The authors' pages of designs: the versions, and drafts with their preview."""
