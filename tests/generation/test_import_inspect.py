"""Logs of Inspect come in, as JSON and packed, whatever else they hold."""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from corpus.models import PromptSet
from generation import actions
from generation.imports import document, packed
from generation.models import Run
from tests.generation.brought import bring_in, numbered, of_texts, written

pytestmark = pytest.mark.django_db

HEAD = {
    "version": 2,
    "status": "success",
    "eval": {
        "model": "openai/a-model",
        "created": "2026-02-03T10:00:00+00:00",
        "task": "xstest",
        "run_id": "r1",
        "packages": {"inspect_ai": "0.3.200"},
        "model_generate_config": {"temperature": 0.5, "seed": 7},
    },
    "plan": {"steps": [], "config": {"max_tokens": 256}},
    "results": {"scores": [{"metrics": {"accuracy": {"value": float("nan")}}}]},
}


@pytest.fixture
def three() -> PromptSet:
    return numbered(3)


def sample(id_: Any, content: Any, *, epoch: int = 1, **rest: Any) -> dict[str, Any]:
    choice = {"message": {"role": "assistant", "content": content}, "stop_reason": "stop"}
    return {
        "id": id_,
        "epoch": epoch,
        "input": f"May I ask question {id_}?",
        "output": {
            "model": "a-model-0201",
            "choices": [choice],
            "usage": {"input_tokens": 9, "output_tokens": 4},
            "time": 1.25,
        },
        "scores": {"s": {"value": float("nan")}},
        "uuid": f"u{id_}",
        **rest,
    }


def log(*samples: dict[str, Any]) -> str:
    return json.dumps({**HEAD, "samples": list(samples)})


def zipped(members: dict[str, str], *, zstandard: bool = False) -> bytes:
    """An `.eval` file: deflated as older ones are, or packed with Zstandard as newer ones."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, text in members.items():
            whole.writestr(name, text)
    return by_zstandard(members) if zstandard else held.getvalue()


def by_zstandard(members: dict[str, str], *, states: int | None = None) -> bytes:
    """A zip by hand, since this Python packs no member with Zstandard (method 93)."""
    body, directory = b"", b""
    for name, text in members.items():
        raw, path = text.encode(), name.encode()
        data = pa.Codec("zstd").compress(raw, asbytes=True)
        size = len(raw) if states is None else states
        common = struct.pack(
            "<5H3I2H", 63, 0, 93, 0, 33, zlib.crc32(raw), len(data), size, len(path), 0
        )
        entry = b"PK\x01\x02" + struct.pack("<H", 63) + common
        directory += entry + struct.pack("<3H2I", 0, 0, 0, 0, len(body)) + path
        body += b"PK\x03\x04" + common + path + data
    end = struct.pack("<4H2IH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def members(*samples: dict[str, Any], header: str = "header.json") -> dict[str, str]:
    named = {f"samples/{s['id']}_epoch_{s['epoch']}.json": json.dumps(s) for s in samples}
    return {"_journal/summaries/1.json": "[]", **named, header: json.dumps(HEAD)}


def test_epochs_reasoning_and_texts_kept_apart_are_read(tmp_path: Path, three: PromptSet) -> None:
    parts = [{"type": "reasoning", "reasoning": "Hm."}, {"type": "text", "text": "No."}]
    cut = sample(1, "attachment://abc", epoch=2, attachments={"abc": "A long text"})
    cut["output"]["choices"][0]["stop_reason"] = "max_tokens"
    failed = {"id": 2, "epoch": 1, "output": {"choices": []}, "error": {"message": "timeout"}}
    path = written(tmp_path, log(sample(1, parts), cut, failed), "log.json")
    done = bring_in(path, three, "inspect")
    first, second = done.run.completions.order_by("replicate")
    assert (first.text, first.reasoning) == ("No.", "Hm.")
    assert (second.text, second.marks) == ("A long text", ["cut by length"])
    assert (done.n_without, done.counted.n_passed, done.counted.n_differing) == (2, 1, 0)
    assert "row 3: the sample ended with an error" in " ".join(actions.notes(done))


def test_what_the_log_says_of_its_model_goes_with_every_answer(
    tmp_path: Path, three: PromptSet
) -> None:
    path = written(tmp_path, log(sample(1, "Yes")), "log.json")
    row = bring_in(path, three, "inspect").run.completions.get()
    assert (row.n_prompt_tokens, row.n_completion_tokens, row.latency_s) == (9, 4, 1.25)
    told = {
        "answered_by": "a-model-0201",
        "engine": "inspect_ai 0.3.200",
        "answered_at": "2026-02-03T10:00:00+00:00",
        "task": "xstest",
        "sampling": {"temperature": 0.5, "seed": 7, "max_tokens": 256},
        "log_status": "success",
    }
    assert told.items() <= row.provenance.items()


@pytest.mark.parametrize("zstandard", [False, True])
def test_a_packed_log_says_the_same(tmp_path: Path, three: PromptSet, zstandard: bool) -> None:
    content = zipped(members(sample(2, "Two"), sample(1, "One")), zstandard=zstandard)
    run = bring_in(written(tmp_path, content, "log.eval"), three, "inspect").run
    rows = run.completions.order_by("provenance__row")
    assert [row.text for row in rows] == ["One", "Two"]
    assert {row.provenance["engine"] for row in rows} == {"inspect_ai 0.3.200"}


def test_a_log_that_was_not_finished_is_read(tmp_path: Path, three: PromptSet) -> None:
    content = zipped(members(sample(1, "One"), header="_journal/start.json"))
    run = bring_in(written(tmp_path, content, "log.eval"), three, "inspect").run
    assert run.completions.get().provenance["task"] == "xstest"


def test_an_epoch_stands_once(tmp_path: Path, three: PromptSet) -> None:
    path = written(tmp_path, log(sample(1, "One"), sample(1, "Again")), "log.json")
    with pytest.raises(actions.BadFile, match="Row 2, column 'id': '1' is answered in row 1"):
        bring_in(path, three, "inspect")


def test_a_bad_sample_of_a_packed_log_is_named_by_its_member(
    tmp_path: Path, three: PromptSet
) -> None:
    for broken, said in (
        ("{", r"Row 1: samples/1_epoch_1\.json: "),
        ('{"id": null}', r"Row 1, column 'id': samples/1_epoch_1\.json: The sample has no id"),
    ):
        content = zipped({"samples/1_epoch_1.json": broken, "header.json": "{}"})
        with pytest.raises(actions.BadFile, match=said):
            bring_in(written(tmp_path, content, "log.eval"), three, "inspect")
    assert not Run.objects.exists()


def test_a_member_is_never_unpacked_beyond_what_it_states(tmp_path: Path, three: PromptSet) -> None:
    bomb = {"samples/1_epoch_1.json": json.dumps(sample(1, "x", store="a" * 3_000_000))}
    content = by_zstandard(bomb, states=1_000)
    assert len(content) < 2_000
    with pytest.raises(actions.BadFile, match="longer than it states"):
        bring_in(written(tmp_path, content, "log.eval"), three, "inspect")


def test_a_damaged_or_vast_log_is_refused(
    tmp_path: Path, three: PromptSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = zipped(members(sample(1, "One")), zstandard=True)
    place = whole.index(b"\x28\xb5\x2f\xfd")
    torn = whole[: place + 9] + b"\xff" * 4 + whole[place + 13 :]
    with pytest.raises(actions.BadFile, match="cannot be unpacked"):
        bring_in(written(tmp_path, torn, "log.eval"), three, "inspect")
    monkeypatch.setattr(packed, "MAX_UNPACKED", 100)
    with pytest.raises(actions.BadFile, match="at most"):
        bring_in(written(tmp_path, whole, "log.eval"), three, "inspect")


def test_what_a_sample_holds_besides_costs_no_memory(
    tmp_path: Path, three: PromptSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No value that nobody asks for is ever whole in memory, however long it is."""
    seen: list[int] = []
    parsed = json.loads
    monkeypatch.setattr(
        document.json, "loads", lambda raw, **rest: (seen.append(len(raw)), parsed(raw, **rest))[1]
    )
    vast = sample(1, "One", events=[{"text": 'a "quoted" \\ {[ text' * 1_000} for _ in range(200)])
    bring_in(written(tmp_path, log(vast), "log.json"), three, "inspect")
    assert max(seen) < 1_000


@pytest.mark.shared_data
def test_published_logs_come_in(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "interchange" / "inspect"
    for path in sorted(folder.glob("2025*.json")):
        found = json.loads(path.read_text())["samples"]
        done = bring_in(path, asked_in(found, path.stem), "inspect")
        assert (done.n_answers, done.counted.n_differing) == (len(found), 0)


@pytest.mark.shared_data
@pytest.mark.parametrize("zstandard", [False, True])
def test_published_packed_logs_come_in(shared_data: Path, tmp_path: Path, zstandard: bool) -> None:
    folder = shared_data / "interchange" / "inspect" / "eval_unzipped"
    for log_folder in sorted(folder.iterdir()):
        paths = [path for path in sorted(log_folder.rglob("*")) if path.is_file()]
        texts = {path.relative_to(log_folder).as_posix(): path.read_text() for path in paths}
        found = [json.loads(text) for name, text in texts.items() if name.startswith("samples/")]
        path = written(tmp_path, zipped(texts, zstandard=zstandard), "log.eval")
        done = bring_in(path, asked_in(found, log_folder.name), "inspect")
        assert (done.n_answers, done.counted.n_differing) == (len(found), 0)
        assert done.run.completions.first().provenance["engine"].startswith("inspect_ai 0.3")


def asked_in(samples: list[dict[str, Any]], name: str) -> PromptSet:
    """A set of what the samples of a log ask."""
    asked = {str(each["id"]): said(each["input"]) for each in samples}
    return of_texts(list(asked.values()), list(asked), name[:60])


def said(given: Any) -> str:
    return given if isinstance(given, str) else str(given[-1]["content"])
