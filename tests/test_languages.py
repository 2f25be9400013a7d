"""The pages speak English, Danish, German and Italian: no string is left in one of them."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client

from tests import people  # noqa: F401  # fixtures

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("da", "de", "it")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?[a-z]+[^>]*>")
# Words that are the same everywhere, so nothing has to be translated.
SAME_EVERYWHERE = {"PsychoSafe", "Studio", "AC", "ICC", "Kappa", "SHA"}
# Shown when nothing can be looked up any more, in all four; and for administrators.
NOT_LOOKED_UP = {"500.html", "admin/index.html"}
TEMPLATE_CODE = re.compile(r"\{%-?.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
SAID = re.compile(
    r"\{%\s*block main_class\s*%\}.*?\{%\s*endblock\s*%\}"
    r"|\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}"
    r"|<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>|<svg\b.*?</svg>|<code\b.*?</code>"
    r"|<pre\b.*?</pre>|<kbd\b.*?</kbd>",
    re.DOTALL,
)
SPOKEN = re.compile(r"\b(?:aria-label|title|placeholder|alt|data-say)=\"([^\"]*)\"")


def folder(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES"


def catalog(language: str) -> Catalog:
    with (folder(language) / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> Iterator[Message]:
    return (each for each in catalog(language) if each.id)


def forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text,)


def said(listed: Iterator[Message]) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {(each.context or "", *forms(each.id)): forms(each.string) for each in listed if each.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    left = [each.id for each in messages(language) if not all(forms(each.string)) or each.fuzzy]
    assert not left, f"{len(left)} strings have no {language}: {left[:5]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_what_is_put_in(language: str) -> None:
    for each in messages(language):
        wanted = set(PLACEHOLDER.findall(forms(each.id)[-1]))
        for said in forms(each.string):
            found = set(PLACEHOLDER.findall(said))
            assert found <= wanted, (each.id, said)
            assert wanted == found or len(forms(each.id)) > 1, (each.id, said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_was_translated(language: str) -> None:
    with (folder(language) / "django.mo").open("rb") as file:
        compiled = read_mo(file)
    for each in compiled:
        if isinstance(each.context, bytes):  # as Babel reads it
            each.context = each.context.decode()
    assert said(iter(compiled)) == said(messages(language)), "Run `make messages`."


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_no_string_of_the_source_is_missing(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "*.html"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    for name in listed:
        if not name.startswith(("tests/", "bench/", "scripts/")) and (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "locale").mkdir()
    subprocess.run(
        ["django-admin", "makemessages", "-l", "da", "--no-location"],
        cwd=tmp_path, capture_output=True, check=True,
        env={"PATH": f"{ROOT / '.venv/bin'}:/usr/bin:/bin"},
    )  # fmt: skip
    with (tmp_path / "locale/da/LC_MESSAGES/django.po").open("rb") as file:
        found = set(said(iter(read_po(file, locale="da"))))
    for language in LANGUAGES:
        missing = found - set(said(messages(language)))
        assert not missing, f"Run `make messages`, then translate into {language}: {missing}"


def words(text: str) -> str:
    """What of a piece of markup is words of ours."""
    plain = TEMPLATE_CODE.sub(" ", text)
    plain = re.sub(r"&\w+;|&#\d+;", " ", plain)
    left = [word for word in re.findall(r"[^\W\d_]{2,}", plain) if word not in SAME_EVERYWHERE]
    return " ".join(left)


def bare(markup: str) -> list[str]:
    """Words in a template that no translation is looked up for."""
    code = TEMPLATE_CODE.sub(" ", SAID.sub(" ", markup))
    found = [words(value) for value in SPOKEN.findall(code)]
    found += [words(text) for text in re.split(r"<[^>]*>", code)]
    return [each for each in found if each]


@pytest.mark.parametrize(
    "template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.stem
)
def test_no_words_stand_bare_in_a_template(template: Path) -> None:
    if str(template.relative_to(ROOT / "templates")) not in NOT_LOOKED_UP:
        assert not bare(template.read_text())


def test_bare_words_are_found() -> None:
    assert bare('<p title="Over there">{{ n }} things</p>') == ["Over there", "things"]
    assert not bare("<p>{% translate 'All of it' %} <code>make</code> &middot; {{ n }}</p>")


def test_numbers_read_alike_in_every_language(settings: Any) -> None:
    from django.utils import formats, translation

    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            assert formats.localize(0.5) == "0.5"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_chooses_a_language_and_keeps_it(language: str, client: Client) -> None:
    english = client.get("/support/").content.decode()
    answer = client.post("/language/", {"language": language, "next": "/support/"})
    assert answer.headers["Location"] == "/support/"
    page = client.get("/support/").content.decode()
    assert f'<html lang="{language}"' in page and page != english


@pytest.mark.django_db
def test_a_language_leads_to_no_other_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "de", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"


def test_placeholders_are_seen() -> None:
    assert PLACEHOLDER.findall("%(n)s of {name}, <b>50%%</b>") == [
        "%(n)s", "{name}", "<b>", "%%", "</b>",
    ]  # fmt: skip
