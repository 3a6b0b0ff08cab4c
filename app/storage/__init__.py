"""Files: where bytes live, and the rows that know them."""
