"""What the trainer does between steps: tells how far it is, marks checkpoints, hears a stop."""

import math
import signal
import time
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from training.trainer.folder import Folder

EVERY_S = 1.0


class Watch(TrainerCallback):
    """One per process; the first process writes, all of them stop at the same step."""

    def __init__(self, folder: Folder, silence_s: float) -> None:
        self.folder, self.silence_s = folder, silence_s
        self.stopped = ""  # why it was stopped before its end
        self._told = 0.0
        self._signalled = False
        signal.signal(signal.SIGTERM, self._on_signal)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self._tell(state)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if time.monotonic() - self._told > EVERY_S or state.global_step == state.max_steps:
            self._tell(state)
        if why := self._why_stop(state):
            self.stopped = why
            control.should_save = control.should_training_stop = True

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        loss = (logs or {}).get("loss")
        if state.is_world_process_zero and loss is not None and math.isfinite(loss):
            rate = (logs or {}).get("learning_rate")
            self.folder.report(step=state.global_step, total=state.max_steps, loss=loss, rate=rate)

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Called when all of it is written."""
        if state.is_world_process_zero:
            self.folder.mark_whole(state.global_step)
            self.folder.report(
                step=state.global_step, total=state.max_steps, checkpoint=state.global_step
            )

    def _tell(self, state: TrainerState) -> None:
        if state.is_world_process_zero:
            self._told = time.monotonic()
            self.folder.report(step=state.global_step, total=state.max_steps)

    def _why_stop(self, state: TrainerState) -> str:
        why = ""
        if state.is_world_process_zero:
            why = "asked" if self._signalled else self.folder.must_stop(self.silence_s)
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            said = [why]
            torch.distributed.broadcast_object_list(said, src=0)
            why = said[0]
        return why if state.global_step < state.max_steps else ""

    def _on_signal(self, *_: object) -> None:
        self._signalled = True
