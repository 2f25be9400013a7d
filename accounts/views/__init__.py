"""The people's pages, one file each."""
