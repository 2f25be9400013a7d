from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from exports import actions
from exports.models import Release
from tests.corpus import made as corpus
from tests.exports import made
from tests.exports.made import CUT
from tests.people import person

SignIn = Callable[[User], Client]
RELEASES, NEW = "exports:releases", "exports:new"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Any) -> None:
    settings.EXPORT_DIR = tmp_path


def fresh_pairs(n: int = 3) -> None:
    made.pairs(n, at=timezone.now() - timedelta(days=3))


def asked(**changes: Any) -> dict[str, Any]:
    return {"name": "Refusals", "version": "1.0.0", "description": "", **changes}


def body(response: Any) -> bytes:
    return response.getvalue() if response.streaming else response.content


# Who may


def places() -> list[str]:
    release, study = made.release(1), made.rated([{}])
    return [
        reverse(RELEASES),
        release.get_absolute_url(),
        reverse("exports:release_file", args=[release.pk, "sft-train.jsonl"]),
        reverse("exports:study", args=[study.slug]),
        reverse("exports:study_file", args=[study.slug, "ratings.csv"]),
    ]


def test_strangers_and_raters_get_no_release_and_no_file(rater: User, signed_in: SignIn) -> None:
    for url in places():
        assert Client().get(url).status_code == 302
        for someone in (rater, person("author"), person("reviewer")):
            assert signed_in(someone).get(url).status_code == 403


def test_curators_engineers_and_researchers_read(
    curator: User, engineer: User, researcher: User, signed_in: SignIn
) -> None:
    for url in places():
        for someone in (curator, engineer, researcher):
            assert signed_in(someone).get(url).status_code == 200


def test_a_stranger_makes_no_release() -> None:
    fresh_pairs()
    answer = Client().post(reverse(NEW), asked())
    assert answer.status_code == 302 and "/you/" in answer["Location"]
    assert not Release.objects.exists()


def test_an_engineer_makes_no_release(engineer: User, signed_in: SignIn) -> None:
    fresh_pairs()
    assert signed_in(engineer).post(reverse(NEW), asked()).status_code == 403
    assert not Release.objects.exists()
    page = signed_in(engineer).get(reverse(RELEASES))
    assert b"Make a release" not in page.content


def test_a_curator_makes_a_release(curator: User, signed_in: SignIn) -> None:
    fresh_pairs()
    answer = signed_in(curator).post(reverse(NEW), asked(description="For the paper."), follow=True)
    release = Release.objects.get()
    assert answer.redirect_chain == [(release.get_absolute_url(), 302)]
    assert release.created_by == curator and release.entries.count() == 3
    assert b"3 approved pairs, frozen" in answer.content and b"For the paper." in answer.content


def test_a_stranger_or_a_researcher_withdraws_nothing(researcher: User, signed_in: SignIn) -> None:
    release = made.release(1)
    url = reverse("exports:withdraw", args=[release.pk])
    assert Client().post(url, {"reason": "x"}).status_code == 302
    assert signed_in(researcher).post(url, {"reason": "x"}).status_code == 403
    release.refresh_from_db()
    assert not release.is_withdrawn


def test_a_curator_withdraws_a_release_with_a_reason(curator: User, signed_in: SignIn) -> None:
    release, client = made.release(1), signed_in(curator)
    url = reverse("exports:withdraw", args=[release.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    page = client.post(url, {"reason": "A wrong number."}, follow=True).content
    assert b"do not use it any more" in page and b"A wrong number." in page
    assert b"sft-train.jsonl" not in page and b"Withdraw this release" not in page
    answer = client.get(reverse("exports:release_file", args=[release.pk, "sft-train.jsonl"]))
    assert answer.status_code == 302 and answer["Location"] == release.get_absolute_url()


# What the pages say


def test_no_release_yet_is_explained(curator: User, researcher: User, signed_in: SignIn) -> None:
    assert b"Make a release" in signed_in(curator).get(reverse(RELEASES)).content
    page = signed_in(researcher).get(reverse(RELEASES)).content
    assert b"There is no release yet" in page and b"Make a release" not in page


def test_the_list_costs_the_same_however_long_it_is(
    curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    made.pairs(2)
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        actions.cut_release(by=curator, name="Refusals", version=version, at=CUT)
        with django_assert_num_queries(4):  # session, person, roles, releases
            page = client.get(reverse(RELEASES))
    assert page.content.count(b"Refusals 1.") == 3


def test_a_release_costs_the_same_however_large_it_is(
    curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    for n, name in [(1, "Few"), (12, "Many")]:
        release = made.release(n, name=name)
        # Session, person, roles; release, counts, languages, overrides, studies; two for files.
        with django_assert_num_queries(10):
            page = client.get(release.get_absolute_url())
    assert b"13 approved pairs" in page.content


def test_what_would_be_in_and_what_is_left_out_is_counted(
    curator: User, author: User, signed_in: SignIn
) -> None:
    fresh_pairs(2)
    corpus.draft(author)
    page = signed_in(curator).get(reverse(NEW)).content.decode()
    assert "2 pairs would be in it" in page and "What is left out" in page
    assert "1 drafts that were not sent for review" in page


def test_a_choice_of_domains_is_counted_again_and_kept(
    curator: User, reviewer: User, author: User, signed_in: SignIn
) -> None:
    fresh_pairs(2)
    at = timezone.now()
    corpus.approved(author, reviewer, at=at, domain=corpus.domain("weapons"))
    query = {"domains": ["weapons"], "name": "Kept"}
    page = signed_in(curator).get(reverse(NEW), query).content.decode()
    assert "1 pair would be in it" in page and 'value="Kept"' in page
    assert "2 approved, and not among what is chosen" in page and page.count("checked") == 1
    part = signed_in(curator).get(reverse(NEW), query, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith("<section") and b"<html" not in part.content


def test_counting_makes_nothing_and_puts_neither_token_nor_words_in_an_address(
    curator: User, signed_in: SignIn
) -> None:
    fresh_pairs(2)
    client, query = signed_in(curator), {"name": "Kept", "description": "Why.", "count": "1"}
    page = client.get(reverse(NEW)).content.decode()
    assert "hx-get" not in page and 'formmethod="get"' not in page
    counted = client.post(reverse(NEW), query)
    assert counted.status_code == 200 and not Release.objects.exists()
    words = counted.content.decode()
    assert "2 pairs would be in it" in words and 'value="Kept"' in words and "Why." in words
    part = client.post(reverse(NEW), query, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section") and "<html" not in part


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"version": "1"}, "three numbers with dots"), ({"name": "--"}, "at least one letter")],
)
def test_a_refusal_stands_beside_its_field(
    curator: User, signed_in: SignIn, changes: dict[str, str], words: str
) -> None:
    fresh_pairs(1)
    answer = signed_in(curator).post(reverse(NEW), asked(**changes))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Release.objects.exists()


def test_an_empty_or_taken_release_is_refused_in_words(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    assert "nothing to release" in client.post(reverse(NEW), asked()).content.decode()
    fresh_pairs(1)
    client.post(reverse(NEW), asked())
    answer = client.post(reverse(NEW), asked())
    assert answer.status_code == 422 and "choose a higher version" in answer.content.decode()


def test_a_study_offers_its_files_once_somebody_rated(curator: User, signed_in: SignIn) -> None:
    empty, rated = made.rated([], slug="empty"), made.rated([{0: "first"}])
    client = signed_in(curator)
    assert (
        b"Nobody has rated yet" in client.get(reverse("exports:study", args=[empty.slug])).content
    )
    page = client.get(reverse("exports:study", args=[rated.slug])).content.decode()
    for name in ("dpo.jsonl", "ratings.csv", "ratings.parquet", "matrix-"):
        assert f"/releases/studies/spring/files/{name}" in page
    assert client.get(reverse("exports:study", args=["nothing"])).status_code == 404


def test_a_studys_page_costs_the_same_however_much_was_said(
    curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    for n in (1, 6):
        study = made.rated([{0: "first"}, {}], n=n, slug=f"of-{n}")
        url = reverse("exports:study", args=[study.slug])
        with django_assert_num_queries(8):
            assert client.get(url).status_code == 200
