"""Work that is done after the answer: a ledger of rows, and the threads that run them."""
