"""Reports as plain documents: what is said, what is tabulated, what is drawn."""
