"""Files of answers and the sets that they answer, for tests of imports."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.actions import make_prompt_set
from corpus.conversation import content_digest, single
from corpus.models import Prompt, PromptSet
from generation import actions
from tests.generation import made


def of_messages(
    conversations: Sequence[list[dict[str, str]]], ids: Sequence[str] = (), name: str = "A set"
) -> PromptSet:
    """Its ids are 1 to n unless said otherwise."""
    prompts = [
        Prompt.objects.create(messages=messages, digest=content_digest(messages))
        for messages in conversations
    ]
    numbers = [str(number) for number in range(1, len(prompts) + 1)]
    return make_prompt_set(by=None, name=name, prompts=prompts, external_ids=list(ids) or numbers)


def of_texts(texts: Sequence[str], ids: Sequence[str] = (), name: str = "A set") -> PromptSet:
    return of_messages([single(text) for text in texts], ids, name)


def numbered(n: int) -> PromptSet:
    """A set whose ids are 1 to n, as XSTest's prompts file has them."""
    return of_texts([f"May I ask question {each}?" for each in range(1, n + 1)], name="XSTest")


def bring_in(
    path: Path, prompts: PromptSet, layout: str, model: str = "m", **rest: Any
) -> actions.Imported:
    with path.open("rb") as file:
        return actions.import_completions(
            by=None,
            file=file,
            file_name=path.name,
            layout=layout,
            prompt_set=prompts,
            model_name=model,
            at=made.AT,
            **rest,
        )


def written(folder: Path, content: str | bytes, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
