import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exports import actions, store
from exports.models import Release
from tests.exports import made
from tests.exports.made import CUT

SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Any) -> None:
    settings.EXPORT_DIR = tmp_path


@pytest.fixture
def client_of(curator: User, signed_in: SignIn) -> Client:
    return signed_in(curator)


def url_of(release: Release, name: str = "sft-train.jsonl") -> str:
    return reverse("exports:release_file", args=[release.pk, name])


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_a_file_is_an_attachment_that_nobody_guesses_at(client_of: Client) -> None:
    answer = client_of.get(url_of(made.release(2)))
    whole = body(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="refusals-1.0.0-sft-train.jsonl"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/x-ndjson"
    assert answer["ETag"] == f'"{hashlib.sha256(whole).hexdigest()}"'
    assert "no-store" in answer["Cache-Control"]
    assert int(answer["Content-Length"]) == len(whole) and whole.count(b"\n") == 2


def test_a_file_of_the_sample_is_named_so(client_of: Client) -> None:
    study = made.rated([{0: "first"}], is_sample=True)
    answer = client_of.get(reverse("exports:study_file", args=[study.slug, "matrix-relevance.csv"]))
    assert 'filename="sample-spring-matrix-' in answer["Content-Disposition"]


def test_who_has_the_file_gets_no_second_copy(client_of: Client) -> None:
    url = url_of(made.release(2))
    etag = client_of.get(url)["ETag"]
    again = client_of.get(url, headers={"If-None-Match": etag})
    assert again.status_code == 304 and body(again) == b"" and again["ETag"] == etag
    assert client_of.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=10-", slice(10, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=5-99999999", slice(5, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
def test_one_range_is_honoured(client_of: Client, asked: str, part: slice) -> None:
    url = url_of(made.release(2))
    whole = body(client_of.get(url))
    answer = client_of.get(url, headers={"Range": asked})
    found = body(answer)
    assert answer.status_code == 206 and found == whole[part]
    assert int(answer["Content-Length"]) == len(found)
    start = range(len(whole))[part].start
    assert answer["Content-Range"] == f"bytes {start}-{start + len(found) - 1}/{len(whole)}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "lines=1-2", "bytes=" + "9" * 5_000 + "-"]
)
def test_a_range_that_is_not_one_gets_the_whole(client_of: Client, asked: str) -> None:
    url = url_of(made.release(1))
    assert client_of.get(url, headers={"Range": asked}).status_code == 200


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(client_of: Client, asked: str) -> None:
    url = url_of(made.release(1))
    answer = client_of.get(url, headers={"Range": asked})
    assert answer.status_code == 416 and answer["Content-Range"].startswith("bytes */")


def test_a_range_of_another_edition_gets_the_whole(client_of: Client) -> None:
    url = url_of(made.release(1))
    etag = client_of.get(url)["ETag"]
    part = {"Range": "bytes=0-3"}
    assert client_of.get(url, headers=part | {"If-Range": etag}).status_code == 206
    assert client_of.get(url, headers=part | {"If-Range": '"old"'}).status_code == 200


@pytest.mark.parametrize("name", ["kto.jsonl", "sft.xlsx", "..", "README.md", ".sft.jsonl", "sft"])
def test_only_files_that_are_offered_are_given(client_of: Client, name: str) -> None:
    answer = client_of.get(f"/releases/{made.release(1).pk}/files/{name}")
    assert answer.status_code in (302, 404)


# What is kept


def test_a_file_is_made_once(monkeypatch: Any) -> None:
    release = made.release(1)
    first = store.keep(release, "sft-train.csv")
    monkeypatch.setattr("exports.bundle.write_table", lambda *_: pytest.fail("made again"))
    assert store.keep(release, "sft-train.csv") == first


def test_a_study_that_grew_gets_a_new_file_and_the_old_one_goes() -> None:
    study = made.rated([{0: "first"}], n=1)
    before = store.keep(study, "ratings.jsonl")
    assert store.keep(study, "ratings.jsonl") == before
    made.adjudicated(study)
    after = store.keep(study, "ratings.jsonl")
    assert after.sha256 != before.sha256 and not before.path.exists()
    assert b"adjudicated" in after.path.read_bytes()


def test_another_key_makes_other_pseudonyms_and_other_files(settings: Any) -> None:
    study = made.rated([{0: "first"}], n=1)
    before = store.keep(study, "ratings.jsonl").sha256
    settings.SECRET_KEY = "another" * 10
    assert store.keep(study, "ratings.jsonl").sha256 != before


# REST


API = "/api/v1/releases/"


def test_a_release_is_made_over_rest(curator: User, signed_in: SignIn) -> None:
    made.pairs(2, at=CUT.replace(year=CUT.year + 1))
    asked = {"name": "Refusals", "version": "1.0.0", "domains": ["violence"]}
    client = signed_in(curator)
    answer = client.post(API, asked, content_type="application/json")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["n_pairs"] == 2 and len(told["digest"]) == 64 and "Violence" in told["filters"]
    again = client.post(API, asked, content_type="application/json")
    assert again.status_code == 409 and "higher version" in again.json()["detail"]
    wrong = client.post(API, asked | {"version": "1"}, content_type="application/json")
    assert wrong.status_code == 422


def test_a_release_tells_its_files_and_their_digests(client_of: Client) -> None:
    release = made.release(2)
    assert [row["id"] for row in client_of.get(API).json()["results"]] == [release.pk]
    told = client_of.get(f"{API}{release.pk}/").json()
    named = [file["name"] for file in told["files"]]
    assert named[:3] == ["sft-train.jsonl", "sft-train.csv", "sft-train.parquet"]
    assert named[3:6] == ["sft-jsonl.zip", "sft-csv.zip", "sft-parquet.zip"]
    assert named[-2:] == ["openai-train.jsonl", "openai-jsonl.zip"]
    for file in told["files"]:
        answer = client_of.get(file["url"], headers={"Accept": "text/html"})
        found = body(answer)
        assert answer.status_code == 200 and answer["Content-Type"] == file["media_type"]
        assert "sha256" not in file  # to list files makes none
    now = client_of.get(f"{API}{release.pk}/").json()["files"]
    for file in now:
        answer = client_of.get(file["url"])
        found = body(answer)
        assert hashlib.sha256(found).hexdigest() == file["sha256"] == answer["ETag"].strip('"')
        assert len(found) == file["n_bytes"]


def test_a_file_over_rest_is_not_sent_twice_and_comes_in_parts(client_of: Client) -> None:
    url = f"{API}{made.release(2).pk}/files/sft-train.parquet"
    first = client_of.get(url)
    assert client_of.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert body(client_of.get(url, headers={"Range": "bytes=0-3"})) == b"PAR1"
    lost = client_of.get(f"{API}{Release.objects.get().pk}/files/nothing.csv")
    assert lost.status_code == 404 and "There are: sft-train.jsonl" in lost.json()["detail"]


def test_a_withdrawn_release_gives_no_file(client_of: Client) -> None:
    release = made.release(1)
    url = f"{API}{release.pk}/withdraw/"
    assert client_of.post(url, {"reason": ""}, content_type="application/json").status_code == 400
    answer = client_of.post(url, {"reason": "A wrong number."}, content_type="application/json")
    assert answer.status_code == 200 and answer.json()["withdrawn_reason"] == "A wrong number."
    gone = client_of.get(f"{API}{release.pk}/files/sft-train.jsonl")
    assert gone.status_code == 410 and "A wrong number." in gone.json()["detail"]
    assert client_of.get(f"{API}{release.pk}/").json()["files"] == []
    again = client_of.post(url, {"reason": "Again"}, content_type="application/json")
    assert again.status_code == 409


def test_the_files_of_a_study_come_over_rest(client_of: Client) -> None:
    study = made.rated([{0: "first"}], n=1)
    told = client_of.get(f"/api/v1/study-files/{study.slug}/").json()
    names = [file["name"] for file in told["files"]]
    tables = [name for name in names if not name.endswith(".zip")]
    assert tables[:4] == ["dpo.jsonl", "dpo.csv", "dpo.parquet", "kto.jsonl"]
    assert tables[-3:] == ["label_studio.json", "argilla.json", "judge_bench.json"]
    answer = client_of.get(told["files"][0]["url"])
    assert answer.status_code == 200 and body(answer).count(b"\n") == 1


def test_rest_gives_nothing_to_strangers_and_raters(rater: User, signed_in: SignIn) -> None:
    release, study = made.release(1), made.rated([{}], n=1)
    for url in (
        API,
        f"{API}{release.pk}/",
        f"{API}{release.pk}/files/sft-train.csv",
        f"/api/v1/study-files/{study.slug}/",
        f"/api/v1/study-files/{study.slug}/ratings.csv",
    ):
        assert Client().get(url).status_code in (401, 403)
        assert signed_in(rater).get(url).status_code == 403


def test_a_researcher_reads_over_rest_and_changes_nothing(
    researcher: User, signed_in: SignIn
) -> None:
    release, client = made.release(1), signed_in(researcher)
    assert client.get(f"{API}{release.pk}/files/sft-train.csv").status_code == 200
    for url in (API, f"{API}{release.pk}/withdraw/"):
        answer = client.post(url, {"reason": "x"}, content_type="application/json")
        assert answer.status_code == 403
    assert client.get(API, {"domain": "x"}).status_code == 400


def test_the_list_over_rest_costs_the_same_however_long(
    client_of: Client, curator: User, django_assert_num_queries: Any
) -> None:
    made.pairs(1)
    for version in ("1.0.0", "1.1.0"):
        actions.cut_release(by=curator, name="Refusals", version=version, at=CUT)
        with django_assert_num_queries(4):  # session, person, roles, releases
            assert client_of.get(API).status_code == 200
