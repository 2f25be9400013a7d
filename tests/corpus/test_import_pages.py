import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import inbox
from corpus.models import PromptSet, Source, Upload, Version
from corpus.tasks import bring_in
from tests.corpus import made
from tests.corpus.test_dataset_folder import packed
from tests.corpus.test_reading_parquet import parquet

SignIn = Callable[[User], Client]
PROMPTS, PAIRS = "corpus:import", "corpus:import_pairs"
PAIR = '{"prompt": "He laughed.", "response": "Stay with me."}'


def send(client: Client, name: str, data: str | bytes | io.BytesIO, **changes: Any) -> Any:
    said = {"source": "Workshop", "set_name": "Made"}
    raw = data.getvalue() if isinstance(data, io.BytesIO) else data
    raw = raw.encode() if isinstance(raw, str) else raw
    file = SimpleUploadedFile(changes.pop("called", "made.jsonl"), raw)
    return client.post(reverse(name), {**said, "file": file, **changes})


def sent(client: Client, name: str, data: Any, **changes: Any) -> Upload:
    answer = send(client, name, data, **changes)
    assert answer.status_code == 302, answer.content.decode()
    found = Upload.objects.get(pk=answer["Location"].split("/")[-2])
    assert answer["Location"] == found.get_absolute_url()
    return found


def fields(upload: Upload, **columns: str) -> dict[str, str]:
    """What the page posts when these columns are chosen: ours by the file's name."""
    names = [each["name"] for each in upload.seen["columns"]]
    return {f"column-{n}": columns.get(name, "") for n, name in enumerate(names)}


def as_shown(client: Client, upload: Upload) -> dict[str, str]:
    """What the page posts when nobody changes anything."""
    form = client.get(upload.get_absolute_url()).context["form"]
    return {field.name: field.value() or "" for field in form}


def press(client: Client, upload: Upload, step: str, **changes: str) -> Upload:
    said = {**as_shown(client, upload), "step": step, **changes}
    answer = client.post(upload.get_absolute_url(), said)
    assert answer.status_code == 302, answer.content.decode()
    upload.refresh_from_db()
    return upload


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_DIR = tmp_path


# Who may


@pytest.mark.parametrize("name", [PROMPTS, PAIRS])
def test_who_may_not_import_does_not(author: User, signed_in: SignIn, name: str) -> None:
    assert send(Client(), name, PAIR).status_code == 302
    assert send(signed_in(author), name, PAIR).status_code == 403
    assert not Upload.objects.exists()


def test_an_engineer_imports_no_pairs(engineer: User, signed_in: SignIn) -> None:
    client = signed_in(engineer)
    assert b'href="/corpus/import/pairs/"' not in client.get(reverse(PROMPTS)).content
    assert send(client, PAIRS, PAIR).status_code == 403


def test_nobody_sees_or_moves_another_persons_file(
    curator: User, engineer: User, signed_in: SignIn
) -> None:
    upload = sent(signed_in(curator), PAIRS, PAIR)
    other = signed_in(engineer)
    for name in ("upload", "upload_problems"):
        assert other.get(reverse(f"corpus:{name}", args=[upload.pk])).status_code == 404
    for name in ("upload", "stop_upload", "discard_upload"):
        assert other.post(reverse(f"corpus:{name}", args=[upload.pk])).status_code == 404
    assert inbox.file(upload.pk).exists()


# From the file to the rows


def test_prompts_become_a_set_and_the_file_goes(engineer: User, signed_in: SignIn) -> None:
    client = signed_in(engineer)
    upload = sent(client, PROMPTS, '{"prompt": "A made one"}', licence="CC0-1.0", revision="2")
    assert upload.state == "mapping" and inbox.file(upload.pk).exists()
    press(client, upload, "import")
    assert (upload.state, upload.seen) == ("done", {})
    assert upload.prompt_set == PromptSet.objects.get()
    assert b"A made one" in client.get(upload.prompt_set.get_absolute_url()).content
    source = Source.objects.get()
    assert (source.licence, source.revision) == ("CC0-1.0", "2")
    assert not inbox.folder(upload.pk).exists()
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "The file is imported." in page and upload.prompt_set.get_absolute_url() in page


def test_pairs_become_drafts_of_the_curator(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    press(client, sent(client, PAIRS, PAIR), "import")
    assert Version.objects.get().author == curator


def test_a_try_counts_and_keeps_nothing(curator: User, signed_in: SignIn) -> None:
    made.domain()
    client = signed_in(curator)
    rows = [{"prompt": "a", "domain": "Violence", "expected_action": "answer"}] * 2
    upload = press(client, sent(client, PROMPTS, "\n".join(map(json.dumps, rows))), "try")
    assert (upload.state, PromptSet.objects.count()) == ("tried", 0)
    page = client.get(upload.get_absolute_url()).content.decode()
    for said in ("Nothing was kept yet", "Answer", "Violence", "(rows 2)"):
        assert said in page
    press(client, upload, "import")
    assert PromptSet.objects.get().entries.count() == 2


def test_problems_are_listed_by_row_and_nothing_changes(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    rows = [PAIR, *[PAIR.replace("Stay with me.", "")] * 60]
    upload = press(client, sent(client, PAIRS, "\n".join(rows)), "import")
    assert (upload.state, upload.n_problems) == ("failed", 60)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "Nothing was imported." in page and "60 places must be mended." in page
    assert page.count("There is no text.") == 50 and "And 10 more." in page
    table = client.get(reverse("corpus:upload_problems", args=[upload.pk])).content.decode()
    assert table.splitlines()[:2] == ["row,column,problem", "2,response,There is no text."]
    assert len(table.splitlines()) == 61
    assert not Source.objects.exists() and not Version.objects.exists()


def test_a_problem_does_not_become_a_formula(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    upload = sent(client, PAIRS, '"=HYPERLINK(1)",prompt,response\n,a,\n')
    upload.problems = [{"row": 2, "column": "=HYPERLINK(1)", "message": "-1"}]
    upload.save()
    table = client.get(reverse("corpus:upload_problems", args=[upload.pk])).content.decode()
    assert table.splitlines()[1] == "2,'=HYPERLINK(1),'-1"


# Foreign columns


FOREIGN = [
    {"Question": f"Case {n}", "verdict": ["unsafe", "safe"][n % 2], "hazard": "S1", "extra": n}
    for n in range(40)
]


def test_foreign_columns_are_guessed_shown_and_corrected(curator: User, signed_in: SignIn) -> None:
    made.domain()
    client = signed_in(curator)
    upload = sent(client, PROMPTS, "\n".join(map(json.dumps, FOREIGN)))
    assert upload.columns == {"prompt": "Question", "domain": "hazard"}
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "Case 2" in page and "What the words in hazard mean" in page
    chosen = fields(upload, Question="prompt", hazard="domain", verdict="expected_action")
    press(client, upload, "columns", **chosen)
    assert upload.meanings["expected_action"] == {"unsafe": "refuse", "safe": "answer"}
    press(client, upload, "try")
    assert upload.n_problems == 40 and "'S1' is not known" in upload.problems[0]["message"]
    assert upload.problems[0]["column"] == "hazard"
    word = next(name for name in as_shown(client, upload) if name.startswith("word-2-domain"))
    press(client, upload, "import", **{word: "violence", "fixed-language": "da"})
    assert upload.state == "done"
    prompt = PromptSet.objects.get().entries.all()[1].prompt
    assert (prompt.last_turn, prompt.expected_action) == ("Case 1", "answer")
    assert (prompt.domain.slug, prompt.language) == ("violence", "da")


def test_the_last_match_is_used_for_the_next_file_of_the_same_columns(
    curator: User, engineer: User, signed_in: SignIn
) -> None:
    client = signed_in(curator)
    data = "\n".join(map(json.dumps, FOREIGN))
    upload = sent(client, PROMPTS, data)
    press(client, upload, "import", **fields(upload, extra="prompt"))
    again = sent(signed_in(engineer), PROMPTS, data, set_name="Again")
    assert again.columns == {"prompt": "extra"}


def test_a_change_by_htmx_answers_with_the_form_alone(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    upload = sent(client, PROMPTS, "\n".join(map(json.dumps, FOREIGN)))
    said = {"format": "jsonl", **fields(upload, Question="prompt", verdict="expected_action")}
    answer = client.post(upload.get_absolute_url(), said, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert page.lstrip().startswith('<form method="post" id="match"')
    assert "What the words in verdict mean" in page


def test_two_columns_cannot_be_the_same(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    upload = sent(client, PROMPTS, "\n".join(map(json.dumps, FOREIGN)))
    said = {**as_shown(client, upload), **fields(upload, Question="prompt", extra="prompt")}
    answer = client.post(upload.get_absolute_url(), said)
    assert answer.status_code == 422 and b"Question is matched to this already" in answer.content


def test_without_a_prompt_column_nothing_starts(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    upload = sent(client, PROMPTS, '{"odd": "a"}')
    answer = client.post(upload.get_absolute_url(), {**as_shown(client, upload), "step": "import"})
    assert answer.status_code == 422
    assert b"Say which column holds what the person wrote." in answer.content


# Other files


def test_a_parquet_file_of_conversations_is_imported(curator: User, signed_in: SignIn) -> None:
    said = [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Stay."}]
    client = signed_in(curator)
    file = parquet([{"conversations": said, "source": "x"}] * 3)
    press(client, sent(client, PAIRS, file, called="made.parquet"), "import")
    version = Version.objects.all()[0]
    assert (version.messages, version.response) == ([{"role": "user", "content": "Hi"}], "Stay.")


def test_of_a_data_set_folder_a_split_is_chosen(curator: User, signed_in: SignIn) -> None:
    files = {"train.jsonl": '{"prompt": "one"}', "test.jsonl": '{"question": "two"}'}
    client = signed_in(curator)
    upload = sent(client, PROMPTS, packed(files), called="made.zip")
    assert (upload.split, upload.seen["splits"]) == ("test", ["test", "train"])
    press(client, upload, "columns", split="train")
    assert upload.columns == {"prompt": "prompt"}
    press(client, upload, "import")
    assert PromptSet.objects.get().entries.get().prompt.last_turn == "one"


def test_a_known_benchmark_is_known_by_its_columns(engineer: User, signed_in: SignIn) -> None:
    from tests.corpus.test_imports import XSTEST

    client = signed_in(engineer)
    upload = sent(client, PROMPTS, XSTEST, source="")
    assert upload.format == "xstest"
    press(client, upload, "import")
    assert [row[1:] for row in upload.counts if row[0] == "action"] == [
        ["answer", 1],
        ["refuse", 1],
    ]
    assert Source.objects.get().licence == "CC-BY-4.0"


def test_the_published_rows_are_imported(curator: User, signed_in: SignIn) -> None:
    made.strategy("green-dot", fits=made.domain("violence"))
    row = {"prompt": "Words", "answer": "Stay.", "risk cluster": "violence",
           "risk category": "violence", "author": "x"}  # fmt: skip
    rows = [{**row, "framework_name": name} for name in ("SALAD-Bench", "Green Dot")]
    client = signed_in(curator)
    upload = press(client, sent(client, PAIRS, json.dumps(rows)), "import")
    assert upload.state == "done" and ["origin", "SALAD-Bench", 1] in upload.counts
    strategies = {version.strategy and version.strategy.slug for version in Version.objects.all()}
    assert strategies == {None, "green-dot"}
    bad = [{**row, "framework_name": "Hope"}]
    upload = press(client, sent(client, PAIRS, json.dumps(bad), source="Other"), "try")
    assert upload.problems[0]["column"] == "framework_name"
    assert "SALAD-Bench" in upload.problems[0]["message"]
    assert "green-dot" in upload.problems[0]["message"]


# Refused at the door


def test_a_file_that_cannot_be_read_is_refused_and_deleted(
    curator: User, signed_in: SignIn, settings: Any
) -> None:
    page = send(signed_in(curator), PROMPTS, b"\xff\xfe")
    assert page.status_code == 422 and b"not UTF-8" in page.content
    assert not Upload.objects.exists() and not list(inbox.folder("").iterdir())


def test_a_file_too_large_is_refused(curator: User, signed_in: SignIn, settings: Any) -> None:
    settings.MAX_IMPORT_BYTES = 10
    page = send(signed_in(curator), PROMPTS, '{"prompt": "a"}')
    assert page.status_code == 422 and b"larger than" in page.content


def test_a_source_that_is_known_otherwise_is_refused(curator: User, signed_in: SignIn) -> None:
    Source.objects.create(name="Workshop", licence="MIT")
    page = send(signed_in(curator), PROMPTS, '{"prompt": "a"}', licence="CC0-1.0")
    assert page.status_code == 422 and b"with the licence &#x27;MIT&#x27;" in page.content


# On its way


def test_a_large_file_waits_for_a_worker_and_can_be_stopped(
    curator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.views.uploads.SMALL", 0)
    client = signed_in(curator)
    upload = press(client, sent(client, PAIRS, PAIR), "import")
    assert upload.state == "pending"
    part = client.get(upload.get_absolute_url(), headers={"HX-Request": "true"})
    assert b"Waiting for a worker" in part.content and b"<h1>" not in part.content
    assert "HX-Refresh" not in part.headers
    client.post(reverse("corpus:stop_upload", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == "mapping"
    bring_in(upload.pk)
    assert not Version.objects.exists()
    press(client, upload, "import")
    bring_in(upload.pk)
    part = client.get(upload.get_absolute_url(), headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true" and Version.objects.count() == 1
    again = client.post(reverse("corpus:stop_upload", args=[upload.pk]), follow=True)
    assert b"can no longer be stopped" in again.content


def test_a_file_is_thrown_away(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    upload = sent(client, PAIRS, PAIR)
    client.post(reverse("corpus:discard_upload", args=[upload.pk]))
    assert not Upload.objects.exists() and not inbox.folder(upload.pk).exists()


def test_the_pages_cost_the_same_however_many_files_there_are(
    curator: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(curator)
    upload = next(iter([sent(client, PAIRS, PAIR) for _ in range(4)]))
    with django_assert_max_num_queries(6):
        client.get(reverse(PAIRS))
    with django_assert_max_num_queries(8):
        client.get(upload.get_absolute_url())
