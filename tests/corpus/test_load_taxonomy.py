"""The taxonomy is loaded once, and what people changed stays."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from corpus.models import Domain, Strategy

pytestmark = pytest.mark.django_db


def test_loading_twice_is_loading_once_and_keeps_changes() -> None:
    call_command("load_taxonomy", stdout=StringIO())
    Domain.objects.filter(slug="violence").update(name="Violence, our words")
    before = (Domain.objects.count(), Strategy.objects.count())
    call_command("load_taxonomy", stdout=StringIO())
    assert (Domain.objects.count(), Strategy.objects.count()) == before
    assert before[0] == 5
    assert Domain.objects.get(slug="violence").name == "Violence, our words"


def test_a_file_that_is_no_taxonomy_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('[{"slug": "x"}]')
    with pytest.raises(CommandError, match="not a taxonomy"):
        call_command("load_taxonomy", tmp_path / "t.json")
    assert not Domain.objects.exists()
