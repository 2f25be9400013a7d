"""Reading answers produced elsewhere: one module per format, no database.

Each module has `read(file, problems)`: what can be read is yielded, the rest is in `problems`.
"""
