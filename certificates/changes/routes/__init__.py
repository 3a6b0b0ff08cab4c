"""The pages of changes: the holder asks, the officer decides."""
