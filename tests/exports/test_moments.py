"""Studies that go with a release, as they stood at that moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from annotation.actions import studies
from annotation.models import Rating, Study
from exports import actions, moments
from exports.models import Release, ReleaseStudy
from tests.annotation.made import AT
from tests.exports import made
from tests.exports.test_actions import cut as cut_at
from tests.generation.conftest import own_machine

__all__ = ["own_machine"]
# The day after everything was rated.
CUT = AT + timedelta(days=1)
pytestmark = pytest.mark.django_db


def cut(**changes: Any) -> Release:
    return cut_at(**{"at": CUT, **changes})


@pytest.fixture
def study() -> Study:
    made.pairs(1)
    rated = made.rated([{0: "first"}, {0: "second"}])
    return studies.close(by=None, study=rated, at=CUT)


def test_a_closed_study_goes_with_the_release(study: Study) -> None:
    release = cut(studies=[study.slug])
    (held,) = release.release_studies.all()
    assert held.study == study and held.frozen_at == CUT
    assert held.n_ratings == Rating.objects.count() and held.n_preferences == 2
    assert held.digest == moments.of(study, at=CUT).digest
    assert study.name in release.filters
    assert cut(version="1.0.1").digest != release.digest


def test_the_moment_can_be_read_again_after_more_was_said(study: Study) -> None:
    before = moments.of(study, at=CUT)
    late = CUT + timedelta(days=1)
    Rating.objects.filter(pk=Rating.objects.order_by("pk")[0].pk).update(superseded_at=late)
    assert moments.of(study, at=CUT) == before
    after = moments.of(study, at=late)
    assert after.n_ratings == before.n_ratings - 1 and after.digest != before.digest


def test_verdicts_are_part_of_the_moment(study: Study, own_machine: None) -> None:
    before = moments.of(study, at=CUT)
    made.judged(study)
    after = moments.of(study, at=CUT)
    assert before.n_verdicts == 0 < after.n_verdicts and before.digest != after.digest


def test_the_same_rows_have_the_same_digest_whenever_they_are_cut(study: Study) -> None:
    first = cut(studies=[study.slug])
    again = cut(studies=[study.slug], name="Again", at=CUT + timedelta(hours=1))
    assert first.digest == again.digest and first.pk != again.pk


def test_an_open_or_unknown_study_is_refused() -> None:
    made.pairs(1)
    rated = made.rated([{}])
    with pytest.raises(actions.BadField, match="not closed"):
        cut(studies=[rated.slug])
    with pytest.raises(actions.BadField, match="no study 'nothing'"):
        cut(studies=["nothing"])


def test_what_a_release_says_of_a_study_is_never_changed(study: Study) -> None:
    cut(studies=[study.slug])
    for change in ({"digest": "0" * 64}, {"n_ratings": 0}, {"frozen_at": CUT - timedelta(days=1)}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            ReleaseStudy.objects.update(**change)


def test_the_page_names_the_study(study: Study, curator: User, client) -> None:
    client.force_login(curator)
    cut(studies=[study.slug])
    page = client.get(Release.objects.get().get_absolute_url()).content.decode()
    assert study.name in page and "2 preferences" in page
