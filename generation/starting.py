"""How the server of a model is started: the command line, port, GPUs and adapters it gets."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.conf import settings

from generation import adapters
from generation.commands import (
    QUIET,
    ServerSpec,
    VllmOptions,
    transformers_serve,
    vllm_serve,
)
from generation.models import Endpoint, LanguageModel

# Adapters may be loaded into a running server; it listens on loopback alone.
RUNTIME_ADAPTERS = {"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True"}


def serving_python() -> Path:
    """The Python whose environment holds `transformers serve`."""
    return Path(settings.SERVING_PYTHON or settings.BASE_DIR / ".venv-serving/bin/python")


def spec_of(
    model: LanguageModel,
    *,
    port: int,
    gpus: Sequence[int] | None = None,
    with_adapters: bool = True,
) -> ServerSpec:
    """The server of `model` on `port`. With `gpus`, it sees these and no others.

    Raises `CommandRefused` for a name that would be read as an option.
    """
    log_path = log_of(port)
    env = dict(QUIET)
    if gpus is not None:
        env["CUDA_VISIBLE_DEVICES"] = ",".join(map(str, gpus))
    name = local(model.served_name)
    if model.endpoint and model.endpoint.kind == Endpoint.Kind.TRANSFORMERS:
        return ServerSpec(transformers_serve(name, port, serving_python()), port, log_path, env=env)
    loaded = list(adapters_of(model))
    if loaded:
        env |= RUNTIME_ADAPTERS
    command = vllm_serve(settings.VLLM_COMMAND, name, port, options_of(model, loaded))
    return ServerSpec(command, port, log_path, env=env)


def log_of(port: int) -> Path:
    """Where the server on this port of this machine writes."""
    return Path(settings.LOG_DIR) / f"server-{port}.log"


def options_of(model: LanguageModel, loaded: Iterable[LanguageModel] = ()) -> VllmOptions:
    """What vLLM is told of the model, from its row."""
    folders = {each.served_name: Path(local(each.adapter_path)) for each in loaded}
    ranks = [adapters.rank(folder) for folder in folders.values()]
    return VllmOptions(
        served_name=model.served_name,
        revision=model.revision or None,
        dtype=model.dtype or None,
        max_model_len=model.max_model_len,
        max_num_seqs=model.max_num_seqs,
        gpu_memory_utilization=model.gpu_memory_utilization,
        tensor_parallel_size=_beyond_one(model.tensor_parallel_size),
        pipeline_parallel_size=_beyond_one(model.pipeline_parallel_size),
        reasoning_parser=model.reasoning_parser or _parser_of(model),
        adapters=folders,
        max_lora_rank=adapters.served_rank(ranks) if ranks else None,
    )


def adapters_of(model: LanguageModel) -> Iterator[LanguageModel]:
    """The adapters on this model that lie readable on this machine, oldest first.

    Only vLLM serves adapters by name.
    """
    if model.endpoint is None or model.endpoint.kind != Endpoint.Kind.VLLM:
        return
    for each in model.adapters.order_by("created_at", "pk"):
        with contextlib.suppress(adapters.NoAdapter):
            adapters.rank(Path(local(each.adapter_path)))
            yield each


def rank_of(model: LanguageModel) -> int:
    """The rank with which the model's server is started; 0 without adapters."""
    ranks = [adapters.rank(Path(local(each.adapter_path))) for each in adapters_of(model)]
    return adapters.served_rank(ranks) if ranks else 0


def folder_rank(adapter: LanguageModel) -> int | None:
    """The rank of an adapter; None if its folder cannot be read on this machine."""
    with contextlib.suppress(adapters.NoAdapter):
        return adapters.rank(Path(local(adapter.adapter_path)))
    return None


def n_gpus(model: LanguageModel) -> int:
    """How many GPUs its server takes on one host."""
    return model.tensor_parallel_size * model.pipeline_parallel_size


def local(name: str) -> str:
    """A path within the project's folder, where there is one; else the name as it is."""
    path = Path(settings.BASE_DIR) / name
    return str(path) if path.exists() else name


def _beyond_one(n: int) -> int | None:
    return n if n > 1 else None


def _parser_of(model: LanguageModel) -> str | None:
    return "qwen3" if model.family_guess.startswith("qwen") else None
