"""The badges of our certificates: their places in status lists, making, keeping and publishing them."""
