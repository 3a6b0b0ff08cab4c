"""What belongs to a person: taking a copy of it, closing the account, and erasing."""
