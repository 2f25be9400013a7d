"""Reads the folder, trains, and says how it ended. Exit code 0 unless it broke."""

import importlib.metadata
import logging
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from training.trainer import card, examples
from training.trainer.folder import JOB, OUTCOME, ROWS, Folder

LIBRARIES = ("torch", "transformers", "trl", "peft", "accelerate")


def main(path: Path) -> int:
    """`outcome.json` says done, stopped or failed; without it, the trainer was killed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    folder = Folder(path)
    job = folder.read_json(JOB)
    try:
        outcome = train(folder, job)
    except Exception as error:
        logging.exception("The training broke.")
        outcome = {"state": "failed", "reason": f"{type(error).__name__}: {error}"[:2000]}
        if type(error).__name__ in ("CannotTrain", "BadRow"):
            outcome["reason"] = str(error)
    if outcome:
        folder.write_json(OUTCOME, outcome | {"start": job["start"]})
        logging.info("%s", outcome["state"])
    return 1 if outcome and outcome["state"] == "failed" else 0


def train(folder: Folder, job: dict[str, Any]) -> dict[str, Any]:
    """Empty on every process but the first one."""
    from training.trainer import learning
    from training.trainer.watching import Watch

    began, config = time.monotonic(), job["config"]
    model, tokenizer = learning.load(job["about"]["base_folder"])
    found = list(examples.read(folder / ROWS, config["method"]))
    rows = learning.fitting(found, tokenizer, config["max_length"])
    watch = Watch(folder, job["silence_s"])
    trainer = learning.trainer_of(config, rows, model, tokenizer, folder.checkpoints, [watch])
    facts = _facts(trainer, rows)
    if config["method"] == "sft" and config["responses_only"]:
        facts |= learning.check_mask(trainer, rows, tokenizer)
    resumed = _resume_from(folder, trainer)
    logging.info("%s", {**facts, "resumed_from": resumed})
    trainer.train(resume_from_checkpoint=resumed)
    steps = trainer.state.global_step
    if watch.stopped:
        ended = {"state": "stopped", "reason": watch.stopped, "steps": steps, "facts": facts}
    else:
        facts["seconds"] = round(time.monotonic() - began, 1)
        ended = {"state": "done", "steps": steps, "facts": facts}
        _keep(folder, trainer, job, ended)
    return ended if trainer.is_world_process_zero() else {}


def _resume_from(folder: Folder, trainer: Any) -> str | None:
    """All processes resume from the same checkpoint: torn ones are cleared by the first alone."""
    if trainer.is_world_process_zero():
        folder.clear_torn()
    trainer.accelerator.wait_for_everyone()
    last = folder.last_whole()
    return str(last[1]) if last else None


def _facts(trainer: Any, rows: Any) -> dict[str, Any]:
    args = trainer.args
    return {
        "n_rows": len(rows.examples),
        "n_too_long": rows.n_too_long,
        "device": str(args.device),
        "dtype": str(trainer.model.dtype).removeprefix("torch."),
        "n_processes": args.world_size,
        "n_trained": sum(p.numel() for p in trainer.model.parameters() if p.requires_grad),
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }


def _keep(folder: Folder, trainer: Any, job: dict[str, Any], ended: dict[str, Any]) -> None:
    """The adapter, its card and its sums appear under their name together."""
    part = folder / ".adapter.part"
    trainer.save_model(str(part))
    if not trainer.is_world_process_zero():
        return
    for name in ("training_args.bin",):  # a pickle, of no use to whoever serves it
        (part / name).unlink(missing_ok=True)
    card.write(part, job, ended)
    shutil.rmtree(folder.adapter, ignore_errors=True)
    part.rename(folder.adapter)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
