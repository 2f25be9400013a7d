"""Judges that decide by rule, without a model: the same answer always gets the same verdict."""
