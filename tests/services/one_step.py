"""Run by the serving environment: Croissant files are valid, and TRL trains a step on each format.

    python one_step.py MODEL FOLDER   where FOLDER holds sft, prompt_completion, dpo and kto
Prints a JSON object: by format, the steps that were made, and what Croissant's checker warns of.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "TRL_EXPERIMENTAL_SILENCE": "1"}


def main(model: Path, folder: Path) -> None:
    import mlcroissant  # type: ignore[import-not-found]  # only where it is run
    from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

    try:
        from trl.experimental.kto import KTOConfig, KTOTrainer
    except ImportError:
        from trl import KTOConfig, KTOTrainer

    told: dict[str, Any] = {"steps": {}, "warnings": [], "records": 0}
    for described in sorted(folder.glob("*/croissant.json")):
        dataset = mlcroissant.Dataset(jsonld=described)
        told["warnings"] += [str(each) for each in dataset.metadata.ctx.issues.warnings]
        for table in dataset.metadata.record_sets:
            told["records"] += sum(1 for _ in dataset.records(table.id))
    trainers = {
        "sft": (SFTTrainer, SFTConfig),
        "prompt_completion": (SFTTrainer, SFTConfig),
        "dpo": (DPOTrainer, DPOConfig),
        "kto": (KTOTrainer, KTOConfig),
    }
    for name, (trainer, config) in trainers.items():
        told["steps"][name] = step(model, folder / name, name, trainer, config)
    print(json.dumps(told))


def step(model: Path, folder: Path, name: str, trainer: Any, config: Any) -> int:
    from datasets import load_dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer

    arguments = config(
        output_dir=str(folder / "trained"),
        max_steps=1,
        per_device_train_batch_size=2,
        gradient_checkpointing=False,
        bf16=False,
        use_cpu=True,
        report_to=[],
        save_strategy="no",
        max_length=256,
    )
    made = trainer(
        model=AutoModelForCausalLM.from_pretrained(model),
        args=arguments,
        train_dataset=load_dataset(str(folder), name, split="train", cache_dir=str(folder / "c")),
        processing_class=AutoTokenizer.from_pretrained(model),
    )
    made.train()
    return int(made.state.global_step)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
