"""The forms of the corpus's pages. What may be stored is decided by the actions."""
