"""Stored reports: computed once, known to be out of date, computed again, taken away as files."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from annotation.actions import raters, studies, submission
from annotation.models import Study
from judging import actions, tasks
from judging.actions import reports as reporting
from judging.models import Report
from judging.reports import freshness
from judging.reports.document import blocks
from tests.annotation import made as rating
from tests.judging.test_pages import rated
from tests.people import person

SignIn = Callable[[User], Client]
AT = rating.AT
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bells that are rung, instead of messages."""
    heard: list[str] = []
    monkeypatch.setattr("judging.actions.reports._ring", heard.append)
    return heard


def report_of(study: Study) -> Report:
    return actions.report_on(by=None, kind="study", rubric=study.rubric, study=study, at=AT)


def computed(study: Study) -> Report:
    made = report_of(study)
    assert actions.compute_report(report_id=made.pk, at=AT), Report.objects.get(pk=made.pk).error
    made.refresh_from_db()
    return made


def one_more_rater(study: Study) -> None:
    rater = raters.of(person("rater"))
    mine = rating.lease(study, rater)
    submission.submit(
        assignment=mine, rater=rater, token=mine.token, key="late",
        ratings=rating.ratings(study), preference="A", at=AT,
    )  # fmt: skip


def test_a_report_says_and_draws_every_part() -> None:
    found = computed(rated(16, n_raters=3))
    assert found.said
    assert found.state == "done"
    parts = {part["key"] for part in found.said["sections"]}
    assert {"agreement", "values", "severity", "pairs", "influence", "confusion"} <= parts
    assert found.said["headline"].startswith("Raters agree")
    drawn = actions.figures_of(report=found)["agreement"]
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert "id=" not in drawn.replace("stroke-width=", "")
    assert 'role="img"' in drawn
    assert any("seed" in each for each in found.said["methods"])


def test_two_asks_for_one_report_make_one() -> None:
    study = rated(4)
    assert report_of(study).pk == report_of(study).pk


def test_only_one_of_two_workers_computes_a_report() -> None:
    made = report_of(rated(4))
    assert Report.objects.filter(pk=made.pk).claim(worker="other", at=AT, limit=1)
    assert not actions.compute_report(report_id=made.pk, at=AT)


def test_what_a_lost_worker_held_is_swept_and_rung_for(rung: list[str]) -> None:
    made = report_of(rated(4))
    Report.objects.filter(pk=made.pk).claim(worker="other", at=AT, limit=1)
    assert actions.sweep_reports(at=AT + timedelta(hours=1)) == (1, 1)
    assert rung == [made.pk]
    tasks.report(made.pk)
    made.refresh_from_db()
    assert made.state == "done"


def test_a_report_that_cannot_be_made_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(report: Report) -> Any:
        raise ValueError("no such scale")

    monkeypatch.setattr("judging.reports.making.make", fails)
    made = report_of(rated(4))
    assert not actions.compute_report(report_id=made.pk, at=AT)
    made.refresh_from_db()
    assert (made.state, made.error) == ("failed", "no such scale")


def test_new_ratings_put_a_report_out_of_date() -> None:
    study = rated(4)
    study.k = 3
    study.save(update_fields=["k"])
    found = computed(study)
    assert found.input_digest == freshness.of(found)
    study.items.update(places=3)
    one_more_rater(study)
    assert found.input_digest != freshness.of(found)


def test_a_small_page_answers_at_once_and_stays_right(signed_in: SignIn, researcher: User) -> None:
    study = rated(6)
    client = signed_in(researcher)
    address = client.get(reverse("judging:study_report", args=[study.slug])).url  # type: ignore[attr-defined]  # a redirect
    page = client.get(address).content.decode()
    assert "Agreement by criterion" in page
    assert "Out of date" not in page
    study.items.update(places=3)
    one_more_rater(study)
    assert "3 raters" in client.get(address).content.decode()


def test_a_large_page_waits_for_the_worker_and_says_what_is_old(
    signed_in: SignIn, researcher: User, monkeypatch: pytest.MonkeyPatch, rung: list[str]
) -> None:
    study = rated(6)
    monkeypatch.setattr(reporting, "AT_ONCE", 10)
    client = signed_in(researcher)
    address = client.get(reverse("judging:study_report", args=[study.slug])).url  # type: ignore[attr-defined]  # a redirect
    assert "being computed" in client.get(address).content.decode()
    assert len(rung) == 1
    tasks.report(rung[0])
    assert "Out of date" not in client.get(address).content.decode()
    study.items.update(places=3)
    one_more_rater(study)
    page = client.get(address).content.decode()
    assert "Out of date" in page
    assert "2 raters" in page
    client.post(address + "again/")
    assert len(rung) == 2
    assert "What stands below is the last result" in client.get(address).content.decode()


def test_the_report_page_costs_the_same_however_many_ratings(
    signed_in: SignIn, researcher: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(researcher)
    for study in (rating.study(2, slug="small"), rated(14)):
        made = computed(study)
        client.get(made.get_absolute_url())  # the first reader in a language has it drawn
        with django_assert_num_queries(8):
            assert client.get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("agreement.pdf", b"%PDF"),
        ("agreement.png", b"\x89PNG"),
        ("agreement.svg", b"<?xml"),
        ("figures.tex", b"\\begin{table}"),
        ("methods.txt", b"3 raters gave"),
    ],
)
def test_figures_and_tables_are_taken_away(
    signed_in: SignIn, researcher: User, name: str, starts: bytes
) -> None:
    made = computed(rated(8, n_raters=3))
    answer = signed_in(researcher).get(reverse("judging:report_file", args=[made.pk, name]))
    assert answer.content.startswith(starts)
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_spreadsheet_holds_the_numbers_in_full(signed_in: SignIn, researcher: User) -> None:
    made = computed(rated(8, n_raters=3))
    client = signed_in(researcher)
    answer = client.get(reverse("judging:report_file", args=[made.pk, "figures.csv"]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert made.said
    first = blocks(made.said)["figures"]["rows"][0]
    assert rows[0]["Criterion"] == first[0]
    assert float(rows[0]["Alpha low"]) == first[1]["low"]
    assert (
        client.get(reverse("judging:report_file", args=[made.pk, "other.csv"])).status_code == 404
    )


def test_raters_and_strangers_see_no_stored_report(signed_in: SignIn, rater: User) -> None:
    made = report_of(rated(4))
    address = made.get_absolute_url()
    assert Client().get(address).status_code == 302
    assert Client().post(address + "again/").status_code == 302
    other = signed_in(rater)
    assert other.get(address).status_code == 403
    assert other.post(address + "again/").status_code == 403


def test_a_study_that_hides_agreement_tells_no_report_until_it_closes(
    signed_in: SignIn, researcher: User, curator: User
) -> None:
    study = rated(6)
    client = signed_in(researcher)
    page = client.get(reverse("judging:study_report", args=[study.slug]))["Location"]
    assert client.get(page).status_code == 200
    studies.edit(by=curator, study=study, hides_agreement=True)
    to = client.get(reverse("judging:study_report", args=[study.slug]))["Location"]
    assert to == reverse("judging:study", args=[study.slug])
    assert client.get(page).status_code == 404
    assert client.get("/api/v1/reports/").json()["results"] == []
    asked = {"kind": "study", "study": study.pk}
    answer = client.post("/api/v1/reports/", asked, content_type="application/json")
    assert answer.status_code == 409 and "until this study closes" in answer.json()["detail"]
    studies.close(by=curator, study=study, at=rating.AT)
    assert client.get(page).status_code == 200
    assert len(client.get("/api/v1/reports/").json()["results"]) == 1


def test_a_report_is_told_and_drawn_in_the_language_of_who_reads_it(
    signed_in: SignIn, researcher: User
) -> None:
    made = computed(rated(8, n_raters=3))
    client = signed_in(researcher)
    address = made.get_absolute_url()
    headlines = {}
    for language in ("en", "da", "de", "it", "de"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        with override(language):
            headlines[language] = escape((made.said or {})["headline"])
        page = client.get(address).content.decode()
        assert f"<h1>{headlines[language]}</h1>" in page
    assert len(set(headlines.values())) == 4
    made.refresh_from_db()
    assert set(made.figures) == {"en", "da", "de", "it"}
    titles = {told: re.findall(r'aria-label="(.*?)"', drawn["agreement"])[0]
              for told, drawn in made.figures.items()}  # fmt: skip
    assert len(set(titles.values())) == 4


def test_a_report_that_is_computed_in_german_is_not_german_for_all() -> None:
    with override("de"):
        made = computed(rated(8, n_raters=3))
        assert (made.said or {})["headline"] != (made.in_english or {})["headline"]
    assert (made.in_english or {})["headline"].startswith("Raters agree")
