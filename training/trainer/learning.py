"""LoRA by peft and TRL: the model, the rows that fit, the trainer, and the check of its mask."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from training.trainer.examples import Example, Message, longest

N_POINTS = 200  # on the loss curve
N_CHECKED = 20


class CannotTrain(Exception):
    """The run cannot be done with this model and these rows; the message says why."""


@dataclass(frozen=True)
class Rows:
    """What is trained on."""

    examples: list[Example]
    n_too_long: int


def load(base: str) -> tuple[Any, PreTrainedTokenizerBase]:
    """Model and tokenizer from their folder: half the size on a GPU, exact on a CPU."""
    dtype = torch.bfloat16 if torch.cuda.is_available() else torch.float32
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    if not tokenizer.chat_template:
        raise CannotTrain(f"The tokenizer in {base} has no chat template, so turns have no form.")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype, local_files_only=True)
    return model, tokenizer


def fitting(examples: list[Example], tokenizer: PreTrainedTokenizerBase, max_length: int) -> Rows:
    """Without those that are too long: a response that is cut off loses its end, often its help."""
    kept = [
        each
        for each in examples
        if max(length(turns, tokenizer) for turns in longest(each)) <= max_length
    ]
    n_left_out = len(examples) - len(kept)
    if not kept:
        raise CannotTrain(
            f"None of {len(examples):,} rows fits into {max_length:,} tokens. Raise max_length."
        )
    return Rows(kept, n_left_out)


def length(turns: list[Message], tokenizer: PreTrainedTokenizerBase) -> int:
    """In tokens, as the chat template writes it."""
    return len(tokenizer.apply_chat_template(turns, tokenize=True, return_dict=True)["input_ids"])


def trainer_of(
    config: dict[str, Any],
    rows: Rows,
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    output: Path,
    callbacks: list[Any],
) -> Any:
    """TRL's trainer for the method, ready to train."""
    lora = LoraConfig(
        r=config["r"],
        lora_alpha=config["alpha"],
        lora_dropout=config["dropout"],
        target_modules=list(config["targets"]),
        bias="none",
        task_type="CAUSAL_LM",
    )
    kind, arguments = _arguments(config, output, len(rows.examples))
    examples = rows.examples
    if config["method"] == "sft" and not config["responses_only"]:
        examples = [{"messages": each["prompt"] + each["completion"]} for each in examples]
    try:
        return kind(
            model=model,
            args=arguments,
            train_dataset=Dataset.from_list(examples),
            processing_class=tokenizer,
            peft_config=lora,
            callbacks=callbacks,
        )
    except ValueError as error:
        if "target_modules" in str(error).lower():
            raise CannotTrain(f"The model has no projection of these names: {error}") from None
        raise


def _arguments(config: dict[str, Any], output: Path, n_rows: int) -> tuple[Any, Any]:
    on_gpu = torch.cuda.is_available()
    shared: dict[str, Any] = {
        "output_dir": str(output),
        "per_device_train_batch_size": config["batch_size"],
        "gradient_accumulation_steps": config["accumulation"],
        "num_train_epochs": config["epochs"],
        "max_steps": config["max_steps"] or -1,
        "learning_rate": config["learning_rate"],
        "lr_scheduler_type": config["schedule"],
        "warmup_steps": config["warmup_steps"],
        "weight_decay": config["weight_decay"],
        "max_length": config["max_length"],
        "seed": config["seed"],
        "data_seed": config["seed"],
        "optim": "adamw_torch",
        "save_strategy": "steps",
        "save_steps": config["save_every"],
        "save_total_limit": 2,  # the one before stays until the new one is whole
        "logging_steps": max(1, _n_steps(config, n_rows) // N_POINTS),
        "report_to": [],
        "disable_tqdm": True,
        "bf16": on_gpu,
        "use_cpu": not on_gpu,
        "gradient_checkpointing": on_gpu,
        "dataloader_pin_memory": on_gpu,
    }
    if config["method"] == "dpo":
        return DPOTrainer, DPOConfig(**shared, beta=config["beta"])
    return SFTTrainer, SFTConfig(**shared, completion_only_loss=config["responses_only"])


def _n_steps(config: dict[str, Any], n_rows: int) -> int:
    """About how many there will be."""
    a_step = config["batch_size"] * config["accumulation"]
    by_epochs = int(config["epochs"] * max(1, n_rows // a_step))
    return config["max_steps"] or by_epochs


def loss_tokens(trainer: Any, n: int = N_CHECKED) -> list[tuple[list[int], int]]:
    """Of the first rows: the tokens that are learnt from, and how many tokens there are."""
    found = []
    for place in range(min(n, len(trainer.train_dataset))):
        batch = trainer.data_collator([trainer.train_dataset[place]])
        labels = batch["labels"][0].tolist()
        found.append(([token for token in labels if token != -100], len(labels)))
    return found


def check_mask(trainer: Any, rows: Rows, tokenizer: PreTrainedTokenizerBase) -> dict[str, int]:
    """Only the response is learnt from, in the very batches that the trainer makes."""
    checked = list(zip(loss_tokens(trainer), rows.examples, strict=False))
    for (tokens, n_all), row in checked:
        n_prompt = length(row["prompt"], tokenizer)
        said = row["completion"][-1]["content"].strip()
        if said not in tokenizer.decode(tokens) or len(tokens) > n_all - n_prompt:
            raise CannotTrain(
                "Prompt and response cannot be told apart in what the chat template makes of a "
                "conversation, so the loss would not be on responses only. Use another template."
            )
    return {
        "n_loss_tokens": sum(len(tokens) for (tokens, _), _ in checked),
        "n_checked_tokens": sum(n_all for (_, n_all), _ in checked),
        "n_checked_rows": len(checked),
    }
