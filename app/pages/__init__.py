"""The versioned texts of the body: about, privacy, terms, codes; editable by an officer."""
