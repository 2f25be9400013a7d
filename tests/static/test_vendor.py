"""What is vendored is what its README says, byte for byte, with its licence."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "static" / "vendor"]
LINE = re.compile(r"^\| `(?P<file>[^`]+)` \| .* \| `(?P<digest>[0-9a-f]{64})` \|$", re.MULTILINE)


def listed(folder: Path) -> dict[str, str]:
    return {
        found["file"]: found["digest"]
        for found in LINE.finditer((folder / "README.md").read_text())
    }


def present(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "README.md"]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.parent.name)
def test_vendored_files_equal_their_digests(folder):
    assert listed(folder) == present(folder)


@pytest.mark.parametrize("name", ["htmx", "pico", "fonts/inter", "fonts/source-serif-4"])
def test_each_vendored_work_brings_its_licence(name):
    folder = FOLDERS[0] / Path(name).parent
    assert list(folder.glob(f"{Path(name).name}-LICENSE*")) or list(
        folder.glob(f"{Path(name).name}-OFL*")
    )
