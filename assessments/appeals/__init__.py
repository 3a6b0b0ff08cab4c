"""Appeals against results: a deadline, a reviewer who had no part in the decision, and remedies that take effect."""
