"""The corpus's pages, one file each."""
