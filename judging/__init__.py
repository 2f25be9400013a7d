"""Judges and their verdicts, validation against clinicians, comparisons of conditions, reports."""
