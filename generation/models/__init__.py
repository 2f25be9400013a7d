"""The tables of generation."""

from generation.models.places import DTYPES, AllowedAddress, Endpoint, LanguageModel
from generation.models.runs import Completion, Condition, Run
from generation.models.servers import Keeper, Server, ServerGpu

__all__ = [
    "DTYPES",
    "AllowedAddress",
    "Completion",
    "Condition",
    "Endpoint",
    "Keeper",
    "LanguageModel",
    "Run",
    "Server",
    "ServerGpu",
]
