"""Asking models: endpoints, runs, completions, and the clients and servers that answer."""
