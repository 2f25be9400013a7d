"""LLaMA-Factory: ShareGPT conversations, and the `dataset_info.json` by which it finds them."""

from collections.abc import Iterable
from typing import Any

from exports.formats import deciding
from exports.formats.approved import Approved
from exports.formats.columns import Message, Row, columns
from exports.formats.deciding import Compared, Decided

COLUMNS = columns(conversations="turns", system="text")
PREFERENCES = columns(conversations="turns", system="text", chosen="turn", rejected="turn")
INDEX = "dataset_info.json"
NAMES = {"user": "human", "assistant": "gpt"}


def row(it: Approved) -> Row:
    """The conversation with its response; instructions to the assistant stand apart."""
    return _parts([*it.messages, it.answer])


def preference(it: Compared, found: Decided) -> Row | str:
    """The conversation, and the turn that is better and worse."""
    if not deciding.is_one_turn(found):
        return deciding.PARTED
    chosen, rejected = (_turn(answer.said[0]) for answer in (found.winner, found.loser))
    return (*_parts(it.messages), chosen, rejected)


def listing(files: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """What `dataset_info.json` says of files, each (dataset, file name, part)."""
    return {
        dataset: {
            "file_name": name,
            "formatting": "sharegpt",
            **({"ranking": True} if part == "llama_factory_dpo" else {}),
            "columns": {
                "messages": "conversations",
                "system": "system",
                **({"chosen": "chosen", "rejected": "rejected"} if "dpo" in part else {}),
            },
        }
        for dataset, name, part in files
    }


def _parts(messages: list[Message]) -> Row:
    system = "\n\n".join(turn["content"] for turn in messages if turn["role"] == "system")
    return [_turn(turn) for turn in messages if turn["role"] != "system"], system


def _turn(turn: Message) -> dict[str, str]:
    return {"from": NAMES[turn["role"]], "value": turn["content"]}
