"""Results: finalised once, released once, kept with everything they were made from."""
