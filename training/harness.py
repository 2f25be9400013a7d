"""How the LM Evaluation Harness is called: its tasks, its command line, its environment. Pure.

It runs in an environment of its own and asks the same endpoint as a run does. Tasks that weigh
given answers against each other need the log-probabilities of a text that is sent, which only
completions tell, and the tokenizer of the model.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.commands import QUIET, CommandRefused, word

MODULE = ("-m", "lm_eval", "run")
TASK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,119}")
MAX_TASKS = 50
# What lies on the machine is used, and nobody outside is asked for data.
OFFLINE = {**QUIET, "HF_DATASETS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
NO_KEY = "none"  # the harness sends a key to every server


class Mode(StrEnum):
    """How a task's text reaches the model. Figures of different modes are not compared."""

    COMPLETION = "completion"  # as the task words it
    TEMPLATE = "template"  # within the model's chat template, which the harness fills
    CHAT = "chat"  # as a conversation, which the server puts into the template


@dataclass(frozen=True)
class Task:
    """A task of the harness. `weighs` given answers, or lets the model write."""

    name: str
    title: str
    weighs: bool
    data: str  # what has to lie on the machine
    measures: Promise


SHIPPED = (
    Task("mmlu", "MMLU", True, "cais/mmlu", _("knowledge in 57 subjects, by choice of four")),
    Task(
        "hellaswag", "HellaSwag", True, "Rowan/hellaswag", _("which ending of a scene makes sense")
    ),
    Task("gsm8k", "GSM8K", False, "openai/gsm8k", _("sums of school, worked out in steps")),
    Task(
        "ifeval", "IFEval", False, "google/IFEval", _("instructions that can be checked by a rule")
    ),
)
# Tasks of MMLU are named one by one too: mmlu_anatomy.
WEIGHING = ("mmlu", "hellaswag")
WRITING = ("mmlu_generative", "mmlu_flan_cot", "mmlu_flan_n_shot_generative")


def weighs(task: str) -> bool | None:
    """Whether the task weighs given answers; None where only the harness knows."""
    if task.startswith(WRITING):
        return False
    if any(task == name or task.startswith(f"{name}_") for name in WEIGHING):
        return True
    return next((each.weighs for each in SHIPPED if each.name == task), None)


@dataclass(frozen=True)
class Call:
    """One evaluation. `base_url` ends with /v1; the key is not in here."""

    model: str
    base_url: str
    tasks: tuple[str, ...]
    mode: Mode
    out: Path
    task_folder: Path | None = None
    tokenizer: str = ""
    system_prompt: str = ""
    limit: int | None = None
    n_shots: int | None = None
    in_flight: int = 1
    max_length: int | None = None
    seed: int = 0


def command(python: str | Path, call: Call) -> tuple[str, ...]:
    """The whole command line. `CommandRefused` for a name that it would read otherwise."""
    is_chat = call.mode is Mode.CHAT
    given = (
        *("--model", "local-chat-completions" if is_chat else "local-completions"),
        *("--model_args", _model_args(call)),
        *("--tasks", ",".join(task_names(call.tasks))),
        *("--output_path", str(call.out)),
        *("--seed", str(call.seed)),
        "--log_samples",
    )
    chosen = {
        "--include_path": call.task_folder,
        "--limit": call.limit,
        "--num_fewshot": call.n_shots,
        "--system_instruction": call.system_prompt or None,
    }
    more = [each for name, value in chosen.items() if value is not None for each in (name, value)]
    template = () if call.mode is Mode.COMPLETION else ("--apply_chat_template",)
    return (str(python), *MODULE, *given, *_texts(more), *template)


def task_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once, in their order; what is no name of a task is refused."""
    found = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    for name in found:
        if not TASK_NAME.fullmatch(name):
            raise CommandRefused(
                gettext(
                    "'%(name)s' is no name of a task. Names have letters, digits, '_', '-', '.' "
                    "and '+'."
                )
                % {"name": name}
            )
    if not 1 <= len(found) <= MAX_TASKS:
        raise CommandRefused(
            gettext("Name 1 to %(most)s tasks; these are %(n)s.")
            % {"most": MAX_TASKS, "n": len(found)}
        )
    return found


def environment(key: str) -> dict[str, str]:
    """What the harness is told beside the machine's paths; its key never stands in a command."""
    return {**OFFLINE, "OPENAI_API_KEY": key or NO_KEY}


def _model_args(call: Call) -> str:
    path = "chat/completions" if call.mode is Mode.CHAT else "completions"
    given = {
        "model": word(call.model),
        "base_url": f"{call.base_url.rstrip('/')}/{path}",
        "num_concurrent": call.in_flight,
        "max_retries": 5,
        "timeout": 600,
        **_tokenizer(call),
    }
    if call.max_length:
        given["max_length"] = call.max_length
    return ",".join(f"{name}={_argument(value)}" for name, value in given.items())


def _tokenizer(call: Call) -> dict[str, str]:
    if call.mode is Mode.CHAT or not call.tokenizer:
        return {"tokenizer_backend": "none"}
    return {"tokenizer": word(call.tokenizer), "tokenizer_backend": "huggingface"}


def _argument(value: object) -> str:
    text = str(value)
    if any(character in ",=" or character.isspace() for character in text):
        raise CommandRefused(
            gettext("'%(text)s' cannot be told to the harness: leave out spaces, commas and '='.")
            % {"text": text}
        )
    return text


def _texts(values: Iterable[object]) -> list[str]:
    """Words of the command line. An instruction that begins like an option begins with a space."""
    words = [str(value) for value in values]
    return [
        f" {each}" if place % 2 and each.startswith("-") else each
        for place, each in enumerate(words)
    ]
