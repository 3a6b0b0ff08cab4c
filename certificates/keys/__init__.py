"""The keys that sign documents: how they are made, kept and opened."""
