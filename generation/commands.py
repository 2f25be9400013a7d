"""How model servers are started: their command lines, environment and files. Pure."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

HOST = "127.0.0.1"

# What a model server may know of our environment: never the site's own secrets.
PASSED_ON = ("PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")
PASSED_ON_PREFIXES = ("LC_", "CUDA_", "NVIDIA_", "NCCL_", "HF_", "VLLM_", "TORCH", "OMP_", "MKL_")
HELD_BACK = frozenset({"VLLM_COMMAND", "VLLM_API_KEY"})

# What a server on this machine is told through its environment: ask nobody, tell nobody.
QUIET = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}


class CommandRefused(ValueError):
    """A name that a command line would read as an option."""


@dataclass(frozen=True)
class ServerSpec:
    """How to start a server. The command itself must bind to 127.0.0.1 and to `port`."""

    command: tuple[str, ...]
    port: int
    log_path: Path
    health_path: str = "/health"
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}/v1"

    @property
    def pid_path(self) -> Path:
        return self.log_path.with_name(f"server-{self.port}.pid")

    @property
    def lock_path(self) -> Path:
        return self.log_path.with_name(f"server-{self.port}.lock")


@dataclass(frozen=True)
class VllmOptions:
    """What vLLM is told beyond the model. None leaves a setting to vLLM."""

    served_name: str | None = None
    revision: str | None = None
    dtype: str | None = None
    max_model_len: int | None = None
    max_num_seqs: int | None = None
    gpu_memory_utilization: float | None = None
    tensor_parallel_size: int | None = None
    pipeline_parallel_size: int | None = None
    reasoning_parser: str | None = None
    adapters: Mapping[str, str | Path] = field(default_factory=dict)
    max_lora_rank: int | None = None
    extra: tuple[str, ...] = ()


def transformers_serve(
    model_path: str | Path, port: int, python: str | Path, *, device: str = "auto"
) -> tuple[str, ...]:
    """`transformers serve` of the environment of `python`; the model is asked for by its path."""
    # The path of a virtual environment's python must not be resolved: it links to the system's.
    program = Path(python).absolute().parent / "transformers"
    place = ("--host", HOST, "--port", str(port), "--device", device)
    return (str(program), "serve", word(model_path), *place)


def vllm_serve(
    command: str, model: str | Path, port: int, options: VllmOptions | None = None
) -> tuple[str, ...]:
    """vLLM's server. `command` is `vllm serve` or a Python with its api_server module.

    The sampling defaults of the model card are switched off: every field is sent by us.
    """
    options = options or VllmOptions()
    words = shlex.split(command)
    if not words:
        raise CommandRefused("VLLM_COMMAND is empty; set it to 'vllm serve'.")
    chosen = (word(model),) if words[-1] == "serve" else ("--model", word(model))
    place = ("--host", HOST, "--port", str(port), "--generation-config", "vllm")
    return (*words, *chosen, *place, *_settings(options), *_adapters(options), *options.extra)


def environment(extra: Mapping[str, str], ours: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What a server gets to know: the machine's paths and switches, and what its spec adds."""
    passed = {
        name: value
        for name, value in ours.items()
        if (name in PASSED_ON or name.startswith(PASSED_ON_PREFIXES)) and name not in HELD_BACK
    }
    return {**passed, **extra}


def _settings(options: VllmOptions) -> list[str]:
    settings = {
        "--served-model-name": options.served_name,
        "--revision": options.revision,
        "--dtype": options.dtype,
        "--max-model-len": options.max_model_len,
        "--max-num-seqs": options.max_num_seqs,
        "--gpu-memory-utilization": options.gpu_memory_utilization,
        "--tensor-parallel-size": options.tensor_parallel_size,
        "--pipeline-parallel-size": options.pipeline_parallel_size,
        "--reasoning-parser": options.reasoning_parser,
    }
    given = {name: value for name, value in settings.items() if value is not None}
    return [each for name, value in given.items() for each in (name, word(str(value)))]


def _adapters(options: VllmOptions) -> list[str]:
    if not options.adapters:
        return []
    named = [adapter_word(name, path) for name, path in options.adapters.items()]
    rank = options.max_lora_rank
    ranked = [] if rank is None else ["--max-lora-rank", str(rank)]
    return ["--enable-lora", *ranked, "--lora-modules", *named]


def adapter_word(name: str, path: str | Path) -> str:
    """NAME=PATH, as vLLM reads it; a name or path that it would read otherwise is refused."""
    for part in (word(name), str(path)):
        if any(character in "=,{" or character.isspace() for character in part):
            raise CommandRefused(
                _("'%(part)s' cannot name an adapter: leave out spaces, commas, braces and '='.")
                % {"part": part}
            )
    return f"{name}={path}"


def word(name: str | Path) -> str:
    """The name as one word of a command line; one that reads like an option is refused."""
    text = str(name)
    if not text or text.startswith("-") or "\x00" in text:
        raise CommandRefused(
            _("'%(text)s' cannot be the name of a model: it reads like an option.") % {"text": text}
        )
    return text
