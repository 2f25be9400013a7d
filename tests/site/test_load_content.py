"""A fresh installation gets its rubrics, conditions and taxonomy by one command, once."""

from io import StringIO

import pytest
from django.core.management import call_command

from annotation.models import Rubric
from corpus.models import Domain
from generation.models import Condition


@pytest.mark.django_db
def test_loading_twice_is_loading_once() -> None:
    counts = []
    for _ in range(2):
        call_command("load_content", stdout=StringIO())
        counts.append((Rubric.objects.count(), Condition.objects.count(), Domain.objects.count()))
    assert counts[0] == counts[1]
    assert set(Rubric.objects.values_list("slug", flat=True)) >= {"psychosafe", "xstest"}
    assert Condition.objects.filter(system_prompt__startswith="You are a helpful").exists()
