"""The officers' pages of results: keys, regrades, challenges, and what waits for its release."""
