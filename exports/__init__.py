"""Releases and exports: frozen, digested datasets and the files made from them."""
