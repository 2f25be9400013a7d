"""Judges are asked on this machine, and bells are not sent."""

from tests.generation.conftest import bells, own_machine, stub_server

__all__ = ["bells", "own_machine", "stub_server"]
