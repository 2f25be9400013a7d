"""The rules of the look that a machine can check: contrast, sizes, no inline code."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
CSS = (STATIC / "site.css").read_text()
SCRIPTS = {path.name: path.read_text() for path in STATIC.glob("*.js")}
INLINE = {
    "style": re.compile(r"<style\b|<[^>]+\sstyle\s*="),
    "handler": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"),
    "evaluation": re.compile(r"\bhx-on\b|['\"]js:|hx-trigger=\"[^\"]*\["),
}
TOKEN = re.compile(r"--(?P<name>[a-z-]+): light-dark\((?P<light>#\w{6}), (?P<dark>#\w{6})\)")
TOKENS = {found["name"]: (found["light"], found["dark"]) for found in TOKEN.finditer(CSS)}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


TEXT_ON = [
    (text, ground)
    for text in ("ink", "quiet", "accent")
    for ground in ("paper", "card", "accent-soft", "warn-soft")
] + [
    ("warn", "paper"),
    ("warn", "card"),
    ("warn", "warn-soft"),
    ("stop", "paper"),
    ("stop", "card"),
    ("stop", "stop-soft"),
    ("ink", "stop-soft"),
    ("card", "accent"),
]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_stands_out_from_its_ground(text, ground, scheme):
    assert contrast(TOKENS[text][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_edges_of_controls_can_be_seen(ground, scheme):
    assert contrast(TOKENS["edge"][scheme], TOKENS[ground][scheme]) >= 3


def test_the_style_sheet_stays_short():
    assert len(CSS.splitlines()) <= 400


@pytest.mark.parametrize("kind", INLINE)
def test_templates_hold_nothing_that_the_security_policy_blocks(kind):
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in TEMPLATES.rglob("*.html")
        for match in INLINE[kind].finditer(path.read_text())
    ]
    assert not found


def test_the_style_sheet_points_at_files_that_exist():
    urls = re.findall(r"url\(\"([^\"]+)\"\)", CSS)
    assert urls
    assert not [url for url in urls if not (STATIC / url).is_file()]


def test_every_word_that_a_script_says_can_be_translated():
    words = set(
        re.findall(r'data-word="([\w-]+)"', (TEMPLATES / "elements/words.html").read_text())
    )
    said = {word for text in SCRIPTS.values() for word in re.findall(r'\bword\("([\w-]+)"', text)}
    shown = set(re.findall(r'\.show\("([\w-]+)"', SCRIPTS["autosave.js"]))
    assert said | shown <= words


def test_every_documented_contract_is_kept_by_a_script_or_by_the_style_sheet():
    look = (ROOT / "docs" / "look.md").read_text()
    contracts = set(re.findall(r"data-[a-z]+(?:-[a-z]+)*", look)) - {"data-action"}
    kept = "".join(SCRIPTS.values())

    def is_kept(name: str) -> bool:
        parts = name.removeprefix("data-").split("-")
        return (
            f"[{name}]" in CSS
            or name in kept
            or "dataset." + parts[0] + "".join(map(str.title, parts[1:])) in kept
        )

    assert not [name for name in contracts if not is_kept(name)]


def test_scripts_evaluate_nothing():
    forbidden = re.compile(r"\beval\(|new Function|setTimeout\(\s*['\"]|document\.write")
    # The site's own next page, whole, which a rating was answered with; the policy holds in it too.
    own_page = "document.write(page);"
    texts = SCRIPTS | {"rating.js": SCRIPTS["rating.js"].replace(own_page, "", 1)}
    assert not [name for name, text in texts.items() if forbidden.search(text)]


def test_static_files_can_be_given_names_with_digests(tmp_path):
    """What the production storage does at deployment; a missing file would stop it."""
    storage = ManifestStaticFilesStorage(location=tmp_path)
    source = FileSystemStorage(location=STATIC)
    paths = {}
    for path in STATIC.rglob("*"):
        if path.is_file():
            name = path.relative_to(STATIC).as_posix()
            storage._save(name, source.open(name))
            paths[name] = (storage, name)
    results = list(storage.post_process(paths))
    assert not [error for _, _, error in results if isinstance(error, Exception)]
    assert "layer(base)" in (tmp_path / storage.stored_name("site.css")).read_text()
