"""What rows look like: one module a format, each with its columns and rows. Pure."""

from dataclasses import dataclass

RELEASE, STUDY = "release", "study"
# What raters said can be had of a study, and of a release that holds studies.
BOTH = (STUDY, RELEASE)
TABLES = ("jsonl", "csv", "parquet")
# Programs that read nothing else, or rows that are no table.
LINES, OBJECTS = ("jsonl",), ("json",)


@dataclass(frozen=True)
class Format:
    """A format by name: what it is made of, what it is good for, and which files it can be."""

    name: str
    of: tuple[str, ...]
    title: str
    words: str
    to: tuple[str, ...] = TABLES


def _named(*formats: Format) -> dict[str, Format]:
    return {form.name: form for form in formats}


FORMATS = _named(
    Format(
        "sft",
        (RELEASE,),
        "Conversations for fine-tuning",
        "One line a pair: the conversation with the ideal response as its last turn "
        "(column messages), and where the pair comes from. A file for each split.",
    ),
    Format(
        "prompt_completion",
        (RELEASE,),
        "Prompts and completions",
        "One line a pair for TRL: the conversation as prompt, the ideal response as completion, so "
        "that the loss is on the response alone. A file for each split.",
    ),
    Format(
        "axolotl",
        (RELEASE,),
        "Conversations for Axolotl",
        "One line a pair, type chat_template: messages and nothing else. A file for each split.",
        LINES,
    ),
    Format(
        "llama_factory",
        (RELEASE,),
        "Conversations for LLaMA-Factory",
        "One line a pair in ShareGPT form, with dataset_info.json beside it. A file for each "
        "split.",
        LINES,
    ),
    Format(
        "openai",
        (RELEASE,),
        "Conversations for OpenAI",
        "One line a pair: messages and nothing else. A file for each split.",
        LINES,
    ),
    Format(
        "dpo",
        BOTH,
        "Preferences",
        "One line an item on which raters were clear which answer is better: prompt, chosen and "
        "rejected for TRL, and how it was decided.",
    ),
    Format(
        "kto",
        BOTH,
        "Answers labelled good or bad",
        "One line an answer on which raters were clear: prompt, completion and label for TRL, and "
        "how it was decided.",
    ),
    Format(
        "axolotl_dpo",
        BOTH,
        "Preferences for Axolotl",
        "As dpo, type chat_template.default: chosen and rejected are one turn each.",
        LINES,
    ),
    Format(
        "llama_factory_dpo",
        BOTH,
        "Preferences for LLaMA-Factory",
        "As dpo, in ShareGPT form with ranking, with dataset_info.json beside it.",
        LINES,
    ),
    Format(
        "openai_dpo",
        BOTH,
        "Preferences for OpenAI",
        "As dpo: input, preferred_output and non_preferred_output.",
        LINES,
    ),
    Format(
        "ratings",
        BOTH,
        "Ratings, one a line",
        "Every value that a rater, a judge or an adjudicator gave, raters under pseudonyms.",
    ),
    Format(
        "matrix",
        BOTH,
        "Reliability matrices",
        "A file for each criterion: an answer a line, a rater a column.",
    ),
    Format(
        "soft_labels",
        BOTH,
        "Soft labels",
        "One line an answer and criterion: how the raters' values are spread over the scale.",
    ),
    Format(
        "label_studio",
        BOTH,
        "Tasks for Label Studio",
        "A list of tasks to import: people as annotations, judges as predictions. Without what was "
        "said of prompts.",
        OBJECTS,
    ),
    Format(
        "argilla",
        BOTH,
        "Records for Argilla",
        "A list of records: people as responses, judges as suggestions. Without what was said of "
        "prompts.",
        OBJECTS,
    ),
    Format(
        "judge_bench",
        BOTH,
        "JUDGE-BENCH",
        "One object a study: its questions, and each rated answer with the scores people gave. "
        "Without words, several values at once and what was said of prompts.",
        OBJECTS,
    ),
)


def formats_of(kind: str) -> list[Format]:
    """The formats that can be made of a release or of a study."""
    return [form for form in FORMATS.values() if kind in form.of]
