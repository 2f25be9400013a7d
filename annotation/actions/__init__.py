"""Everything that writes in the rating rooms, a file a subject."""
