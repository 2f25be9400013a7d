"""Stands in for TRAIN_PYTHON: keeps the trainer's word to the folder, without torch.

What it does is said by `script.json` beside the tests' folder: how many steps, where it dies.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from training.trainer.folder import JOB, OUTCOME, ROWS, Folder


def main(folder: Folder) -> None:
    said = json.loads((folder.path.parent / "script.json").read_text())
    job, last = folder.read_json(JOB), folder.last_whole()
    step = last[0] if last else 0
    n_rows = len((folder / ROWS).read_text().splitlines())
    folder.report(step=step, total=said["steps"])
    while step < said["steps"]:
        step += 1
        folder.report(step=step, total=said["steps"], loss=2.0 / step, rate=0.1)
        if step % job["config"]["save_every"] == 0:
            checkpoint(folder, step, said["steps"])
        if step == said.get("dies_at") and not last:
            os.kill(os.getpid(), signal.SIGKILL)
        if step == said.get("always_dies_at"):
            os.kill(os.getpid(), signal.SIGKILL)
        if step == said.get("breaks_at"):
            end(folder, state="failed", reason="There is no such projection.")
            sys.exit(1)
        while step == said.get("waits_at") and not folder.must_stop(job["silence_s"]):
            time.sleep(0.01)
        if why := folder.must_stop(job["silence_s"]):
            checkpoint(folder, step, said["steps"])
            end(folder, state="stopped", reason=why, steps=step, facts={})
            return
    folder.adapter.mkdir(exist_ok=True)
    (folder.adapter / "adapter_config.json").write_text(json.dumps({"r": job["config"]["r"]}))
    (folder.adapter / "adapter_model.safetensors").write_bytes(b"weights")
    end(folder, state="done", steps=step, facts={"n_rows": n_rows, "n_too_long": 0})


def checkpoint(folder: Folder, step: int, total: int) -> None:
    place = folder.checkpoints / f"checkpoint-{step}"
    place.mkdir(parents=True, exist_ok=True)
    (place / "optimizer.pt").write_bytes(b"state")
    folder.mark_whole(step)
    folder.report(step=step, total=total, checkpoint=step)


def end(folder: Folder, **said: object) -> None:
    folder.write_json(OUTCOME, said | {"start": folder.read_json(JOB)["start"]})


if __name__ == "__main__":
    if sys.argv[1] == "-c":  # asked for its libraries
        print(json.dumps(os.environ.get("FAKE_MISSING", "").split()))
    else:
        main(Folder(Path(sys.argv[-1])))
