"""What this machine has for training: GPUs, free memory, free disk, a Python with the libraries."""

import json
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from generation.management.commands.keep_servers import found_gpus
from generation.models import Keeper
from generation.starting import serving_python

NEEDED = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")
LOOK = (
    "import importlib.util as u, json, sys; "
    "json.dump([n for n in sys.argv[1:] if not u.find_spec(n)], sys.stdout)"
)
SHARED = ("FSDP", "DEEPSPEED")  # ways of accelerate that divide the weights among GPUs


def train_python() -> Path:
    """The Python whose environment holds the libraries of training."""
    return Path(settings.TRAIN_PYTHON or serving_python())


def launch_words() -> tuple[str, ...]:
    """What stands between Python and the trainer: nothing, or accelerate's launcher."""
    return tuple(shlex.split(settings.TRAIN_LAUNCH))


def missing_libraries(python: Path, needed: Sequence[str] = NEEDED) -> list[str]:
    """What its environment lacks. Loads nothing. OSError if it cannot be run."""
    said = subprocess.run(
        [python, "-c", LOOK, *needed], capture_output=True, text=True, timeout=60, check=False
    )
    if said.returncode:
        raise OSError(
            said.stderr.strip().splitlines()[-1] if said.stderr.strip() else _("no answer")
        )
    return [str(name) for name in json.loads(said.stdout)]


def gpus() -> list[int]:
    """Those that may be given out on this host: its keeper's, or all that are there."""
    keeper = Keeper.objects.filter(host=settings.HOST_NAME).first()
    return keeper.gpu_numbers if keeper else found_gpus()


def free_memory(held: Sequence[int]) -> int:
    """Of the fullest of these GPUs, or of the machine when there are none."""
    if not held:
        return free_ram()
    said = subprocess.run(
        ["nvidia-smi", "--query-gpu=index,memory.free", "--format=csv,noheader,nounits"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    free = dict(line.split(",") for line in said.stdout.splitlines() if "," in line)
    return min(int(free[str(gpu)]) for gpu in held) * 1024 * 1024


def free_ram(meminfo: Path = Path("/proc/meminfo")) -> int:
    """What the kernel thinks can be had without swapping."""
    for line in meminfo.read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise OSError(
        _("%(meminfo)s does not say how much memory is available.") % {"meminfo": meminfo}
    )


def free_disk(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def n_shards() -> int:
    """Among how many GPUs the weights are divided, as the launcher's file says."""
    files = [Path(word) for word in launch_words() if word.endswith((".yaml", ".yml"))]
    said = "".join(path.read_text("utf-8") for path in files if path.is_file())
    return settings.TRAIN_GPUS if any(word in said for word in SHARED) else 1
