"""After a key was stolen: which documents rest on it, and signing those anew."""
