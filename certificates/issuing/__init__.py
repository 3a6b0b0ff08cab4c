"""From an award to a signed certificate: what it says, its order, and making it."""
