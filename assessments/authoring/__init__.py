"""Where authors work on the item bank: its table with figures, one item with its history, writing, reviewing."""
