"""The addresses of badges: the forms of one certificate, and what is published about all."""
