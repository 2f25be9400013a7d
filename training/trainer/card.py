"""What lies beside the weights: a card for people, and the SHA-256 of every file."""

import hashlib
import json
from pathlib import Path
from typing import Any

SUMS, CARD = "SHA256SUMS", "README.md"
LIMITS = (
    "Not a substitute for care, and no standalone clinical tool. Do not use it as a general "
    "assistant without evaluating it for that: fine-tuning on refusals can make answers less "
    "relevant, can spread refusals to requests that deserve an answer, and can cost knowledge. "
    "Compare it with its base model before anybody talks to it."
)
WARNING = (
    "The training data speak of self-harm, violence, abuse and other distress. They hold the words "
    "of clinicians and of simulated users, never a patient's record; the release's own card says "
    "where they come from and under which licence."
)


def write(folder: Path, job: dict[str, Any], outcome: dict[str, Any]) -> None:
    """The card and the sums; the sums come last and cover the card too."""
    (folder / CARD).write_text(text(job, outcome), encoding="utf-8")
    (folder / SUMS).unlink(missing_ok=True)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{sha256(path)}  {path.relative_to(folder)}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def text(job: dict[str, Any], outcome: dict[str, Any]) -> str:
    """The card in Markdown, with the head that model hubs read."""
    about, facts = job["about"], outcome["facts"]
    rows = [
        ("Base model", f"{about['base']} ({about['base_folder']})"),
        ("Data", f"training split of {about['release']}, digest `{about['release_digest']}`"),
        ("Rows", f"{facts['n_rows']:,}; {facts['n_too_long']:,} left out as too long"),
        ("Method", f"LoRA, {job['config']['method'].upper()}, {_loss(job['config'])}"),
        ("Configuration", f"digest `{about['config_digest']}`, below"),
        ("Steps", f"{outcome['steps']:,}"),
        ("Made on", f"{facts['device']}, {facts['dtype']}, {facts['n_processes']} process(es)"),
        ("Libraries", ", ".join(f"{name} {of}" for name, of in facts["versions"].items())),
        ("Made at", about["made_at"]),
        ("Run", f"`{about['run']}`"),
    ]
    head = {"library_name": "peft", "pipeline_tag": "text-generation", "tags": ["lora"]}
    table = "".join(f"| {name} | {words} |\n" for name, words in rows)
    config = json.dumps(job["config"], indent=2, ensure_ascii=False)
    return (
        f"---\n{json.dumps(head)}\n---\n\n# {about['name']}\n\n"
        f"An adapter that was trained on vetted supportive responses.\n\n"
        f"| | |\n|---|---|\n{table}\n## Content warning\n\n{WARNING}\n\n## Limits\n\n{LIMITS}\n\n"
        f"## Configuration\n\n```json\n{config}\n```\n"
    )


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _loss(config: dict[str, Any]) -> str:
    if config["method"] == "dpo":
        return f"beta {config['beta']:g}"
    return "loss on responses only" if config["responses_only"] else "loss on whole conversations"
