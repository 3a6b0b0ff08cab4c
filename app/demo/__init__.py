"""The demonstration: an invented body, its people, and the stories they are in the middle of."""
