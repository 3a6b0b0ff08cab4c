"""The professional body itself: its name, address, colours and signatories are data."""
