"""Makes a random LoRA adapter for the tiny model: with it, the model says something else.

Needs safetensors and numpy, so it runs in a serving environment, after scripts/tiny_model.py:
    .venv-vllm/bin/python scripts/tiny_adapter.py MODEL_FOLDER ADAPTER_FOLDER
"""

import json
import sys
from pathlib import Path
from typing import Any

RANK, ALPHA, SEED = 8, 64, 1
BEFORE = "base_model.model.model.layers"


def main(model: Path, folder: Path) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    rng = np.random.default_rng(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    config = json.loads((model / "config.json").read_text())
    weights: dict[str, Any] = {}
    for layer in range(config["num_hidden_layers"]):
        for name, (n_out, n_in) in shapes(config).items():
            place = f"{BEFORE}.{layer}.{name}"
            # Not zero, as a trained adapter's second half would be at its start.
            down = rng.normal(0, 0.3, (RANK, n_in)).astype(np.float32)
            up = rng.normal(0, 0.3, (n_out, RANK)).astype(np.float32)
            weights |= {f"{place}.lora_A.weight": down, f"{place}.lora_B.weight": up}
    save_file(weights, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps(described(model, config), indent=2))


def shapes(config: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Rows and columns of what is adapted, by its place within a layer."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    queries = config["num_attention_heads"] * config["head_dim"]
    values = config["num_key_value_heads"] * config["head_dim"]
    return {
        "self_attn.q_proj": (queries, hidden),
        "self_attn.v_proj": (values, hidden),
        "self_attn.o_proj": (hidden, queries),
        "mlp.down_proj": (hidden, inner),
    }


def described(model: Path, config: dict[str, int]) -> dict[str, object]:
    """The adapter's configuration, as peft writes it."""
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": str(model),
        "r": RANK,
        "lora_alpha": ALPHA,
        "lora_dropout": 0.0,
        "bias": "none",
        "fan_in_fan_out": False,
        "use_rslora": False,
        "use_dora": False,
        "modules_to_save": None,
        "target_modules": sorted(name.split(".")[-1] for name in shapes(config)),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
