"""Helplines and services: a directory that two people vet, and references to it found in texts."""
