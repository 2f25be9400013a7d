"""Reading answers produced elsewhere: one module per format, no database."""
