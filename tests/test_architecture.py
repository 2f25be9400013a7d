"""The house rules that a reader should be able to rely on: layers, sizes, names, what is refused.

What git knows and what lies untracked in the tree is read alike, so a rule bites before a commit.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "accounts",
    "agreement",
    "annotation",
    "corpus",
    "crisis",
    "exports",
    "gate",
    "generation",
    "judging",
    "psychosafe_site",
    "training",
)
VAGUE_NAMES = {"utils", "helpers", "common", "core", "services", "mixins", "signals", "misc"}
# Where markup is marked as safe, and why nothing in it comes from a person.
SAFE_MARKUP = {
    "templates/judging/report_block.html": "drawn by the program; names in it are escaped as XML",
    "templates/mfa/totp/activate_form.html": "allauth draws the code from a secret of its own",
}
# The trainer is a script of its own: it never runs inside the web or worker process.
LOADS_A_MODEL = {"scripts/tiny_model.py", "tests/services/one_step.py"}
LOADS_A_MODEL_BELOW = ("training/trainer",)
MODEL_LIBRARIES = {"torch", "vllm", "transformers", "peft", "trl", "tokenizers", "accelerate"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: what git tracks or would add."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(Path(line) for line in listing.stdout.splitlines() if (ROOT / line).is_file())


def sources(*suffixes: str, without: tuple[str, ...] = ("migrations", "vendor")) -> list[Path]:
    return [p for p in files() if p.suffix in suffixes and not set(without) & set(p.parts)]


def program() -> list[Path]:
    """The Python files of the apps."""
    return [path for path in sources(".py") if path.parts[0] in APPS]


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def line_of(found: str, position: int) -> int:
    return found.count("\n", 0, position) + 1


# Layers


@pytest.fixture(scope="module")
def layers() -> dict[str, list[str]]:
    settings = tomllib.loads(text(Path("pyproject.toml")))["tool"]["importlinter"]
    named = [
        word.strip(" ()") for row in settings["contracts"][0]["layers"] for word in row.split("|")
    ]
    return {"roots": settings["root_packages"], "layers": named}


def test_no_layer_imports_a_higher_one():
    program_beside_python = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([program_beside_python], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]


def test_every_package_stands_in_the_contracts(layers: dict[str, list[str]]):
    packages = {p.parts[0] for p in sources(".py") if len(p.parts) == 2 and p.name == "__init__.py"}
    packages -= {"tests", "bench", "scripts"}
    assert packages <= set(layers["roots"]), "name it in pyproject.toml under tool.importlinter"
    assert packages <= set(layers["layers"])


def imported_names(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node.lineno


def test_nothing_loads_a_model_library():
    found = [
        f"{path}:{line} imports {name}"
        for path in sources(".py")
        for name, line in imported_names(path)
        if name in MODEL_LIBRARIES
        and str(path) not in LOADS_A_MODEL
        and not str(path).startswith(LOADS_A_MODEL_BELOW)
    ]
    assert not found, found


# Sizes and names


def test_no_file_is_too_long():
    limits = {".py": 400, ".html": 150, ".css": 600, ".js": 400}
    found = []
    for path in sources(*limits):
        limit = 500 if path.parts[0] == "tests" else limits[path.suffix]
        if (lines := text(path).count("\n")) > limit:
            found.append(f"{path} has {lines} lines, the limit is {limit}")
    assert not found, found


def test_no_function_is_too_long():
    found = [
        f"{path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in sources(".py")
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or node.lineno) - node.lineno + 1 > 50
    ]
    assert not found, found


def test_every_module_has_a_name_that_says_something():
    found = [
        str(path)
        for path in sources(".py")
        if VAGUE_NAMES & {path.stem, *path.parts[:-1]} and path.parts[:2] != ("tests", "services")
    ]
    assert not found, found


def test_every_module_opens_with_what_it_is_for():
    found = [
        str(path)
        for path in sources(".py")
        if path.parts[0] != "tests" and text(path).strip() and not ast.get_docstring(tree(path))
    ]
    assert not found, found


# What is refused


def test_markup_is_marked_safe_only_where_it_is_allowed():
    pattern = re.compile(r"mark_safe|SafeString|\|\s*safe\b|autoescape\s+off")
    found = [
        f"{path}:{line_of(text(path), hit.start())} {hit.group()}"
        for path in [*program(), *sources(".html", ".txt")]
        for hit in pattern.finditer(text(path))
        if str(path) not in SAFE_MARKUP
    ]
    assert not found, found


def is_request_data(node: ast.expr) -> bool:
    """`request.data`, `self.request.POST`, `request.GET.dict()`."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and is_request_data(node.func.value)
    if not isinstance(node, ast.Attribute) or node.attr not in {"data", "POST", "GET", "FILES"}:
        return False
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name.endswith("request")


def test_what_a_client_sent_is_never_unpacked_into_a_call():
    found = [
        f"{path}:{node.lineno}"
        for path in program()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.keyword) and node.arg is None and is_request_data(node.value))
        or (
            isinstance(node, ast.Dict)
            and any(
                key is None and is_request_data(value)
                for key, value in zip(node.keys, node.values, strict=True)
            )
        )
    ]
    assert not found, found


def test_the_check_of_unpacking_sees_it():
    for written in ("f(**request.data)", "f(**self.request.POST.dict())"):
        call = ast.parse(written, mode="eval").body
        assert isinstance(call, ast.Call)
        assert is_request_data(call.keywords[0].value), written


INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)[^>]*>", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a javascript: link": re.compile(r"javascript:", re.I),
    "an hx-on attribute": re.compile(r"\shx-on[:\-]", re.I),
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds(what: str):
    found = [
        f"{path}:{line_of(text(path), hit.start())}"
        for path in sources(".html", ".svg")
        for hit in INLINE[what].finditer(text(path))
    ]
    assert not found, f"The CSP refuses {what}: {found}"


@pytest.mark.parametrize(
    ("what", "written"),
    [
        ("a style attribute", '<p class="a" style="x">'),
        ("a script without src", "<script>go()</script>"),
        ("an event attribute", '<a href="#" onclick="x">'),
        ("a style element", "<style>p {}</style>"),
    ],
)
def test_the_check_of_templates_sees(what: str, written: str):
    assert INLINE[what].search(written)


def test_a_script_with_src_is_no_inline_script():
    assert not INLINE["a script without src"].search('<script defer src="a.js"></script>')


def test_no_file_names_a_machine_or_a_package_index():
    # Written in pieces, so that this file does not hold what it looks for.
    words = (
        r"/(?:work|farm)/(?:main|shared|in)\b",
        r"/home/[a-z]+/",
        "/roo" + "t/",
        "files.python" + "hosted",
        "pypi" + r"\.org",
        r"--(?:extra-)?index-" + "url[ =]",
        "--find-" + "links[ =]",
    )
    pattern = re.compile("|".join(words))
    readable = {".py", ".html", ".md", ".toml", ".txt", ".in", ".yml", ".yaml", ".js", ".css", ""}
    found = [
        f"{path}:{line_of(text(path), hit.start())} {hit.group()}"
        for path in sources(*readable, ".json", ".jsonl", ".cff", ".sh")
        for hit in pattern.finditer(text(path))
    ]
    assert not found, found


def test_no_file_is_large_or_holds_a_database():
    limit = 1_000_000
    found = [str(p) for p in files() if (ROOT / p).stat().st_size > limit or ".sqlite3" in p.name]
    assert not found, found


def test_every_pin_has_a_hash():
    for path in sources(".txt"):
        if path.parts[0] != "requirements" or path.name == "without-torch.txt":
            continue
        pins = re.findall(r"^[A-Za-z0-9][^\n]*", text(path), re.M)
        bare = [pin for pin in pins if "==" not in pin or not pin.endswith("\\")]
        assert not bare, f"{path}: {bare}"
        assert text(path).count("\n    --hash=sha256:") >= len(pins), path


@pytest.mark.parametrize("name", ["base", "dev", "serving", "uv"])
def test_every_dependency_is_pinned(name: str):
    asked = re.findall(r"^[A-Za-z][A-Za-z0-9-]*", text(Path(f"requirements/{name}.in")), re.M)
    pinned = set(re.findall(r"^[a-z0-9-]+", text(Path(f"requirements/{name}.txt")), re.M))
    assert {word.lower() for word in asked} <= pinned, "run `make lock`"


def test_every_dependency_says_why_it_is_there():
    bare = [
        f"{path}: {line}"
        for path in (Path("requirements/base.in"), Path("requirements/dev.in"))
        for line in text(path).splitlines()
        if line and not line.startswith(("#", "-")) and "  # " not in line
    ]
    assert not bare, bare
