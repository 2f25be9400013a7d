"""The pages of the rating rooms."""
