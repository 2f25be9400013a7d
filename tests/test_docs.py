"""What can be set and what can be run is written down, or a test here names what is missing."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READERS = {"flag", "words", "folder", "secret_key", "get", "getenv", "number", "text"}
# Names that a person never sets: they are the platform's own.
NOT_OURS = {"PATH", "HOME", "DJANGO_SETTINGS_MODULE"}


@cache
def documentation() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages if page.exists())


def settings_read() -> list[str]:
    """Upper-case names that settings.py and environment.py read from the environment."""
    found: set[str] = set()
    for module in ("settings.py", "environment.py"):
        source = (ROOT / "psychosafe_site" / module).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            found |= {name for name in names_in(node) if name.isupper()}
    return sorted(found - NOT_OURS)


def names_in(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Subscript) and is_environ(node.value):
        return {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return set()
    owner = node.func.value
    reads = is_environ(owner) or (isinstance(owner, ast.Name) and owner.id in {"env", "os"})
    if not reads or node.func.attr not in READERS or not node.args:
        return set()
    first = node.args[0]
    return {str(first.value)} if isinstance(first, ast.Constant) else set()


def is_environ(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ"


def commands() -> list[str]:
    found = ROOT.glob("*/management/commands/*.py")
    return sorted({path.stem for path in found if not path.stem.startswith("_")})


def make_targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return [line.split()[2] for line in makefile.splitlines() if line.startswith("## make ")]


def test_the_settings_are_found():
    assert {"SECRET_KEY", "DEBUG", "DATABASE_URL", "DATA_DIR"} <= set(settings_read())


@pytest.mark.parametrize("name", settings_read())
def test_the_setting_is_documented(name: str):
    if not re.search(rf"`{name}\b", documentation()):
        pytest.fail(f"Say in docs/ what `{name}` does.")


@pytest.mark.parametrize("name", commands())
def test_the_command_is_documented(name: str):
    if not re.search(rf"(manage\.py |^\| `){name}\b", documentation(), re.MULTILINE):
        pytest.fail(f"Say in docs/ what `manage.py {name}` does.")


@pytest.mark.parametrize("name", make_targets())
def test_the_target_is_documented(name: str):
    if not re.search(rf"make {name}\b", documentation()):
        pytest.fail(f"Say in README.md what `make {name}` does.")
