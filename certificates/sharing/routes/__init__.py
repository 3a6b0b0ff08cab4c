"""The pages of sharing: the holder's links, what a link opens, watching, and the card."""
