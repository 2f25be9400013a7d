"""What comes in: the gate that every text and request passes, and the ids handed out."""
