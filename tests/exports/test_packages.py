"""A format's files and their card as one zip: over REST, by page, unpacked and loaded."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pytest
from django.test import Client

from accounts.models import User
from exports import bundle, packages, store
from tests.exports import made
from tests.exports.test_serving import API, body

pytestmark = pytest.mark.django_db
BESIDE = ["CITATION.cff", "README.md", "croissant.json", "manifest.json"]


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path / "kept"


@pytest.fixture
def client_of(curator: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(curator)


def unpacked(content: bytes, folder: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
        return packed.namelist()


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
def test_a_package_is_the_folder_that_the_command_writes(
    client_of: Client, tmp_path: Path, to: str
) -> None:
    release = made.release(3)
    answer = client_of.get(f"{API}{release.pk}/files/sft-{to}.zip")
    content = body(answer)
    assert answer["Content-Type"] == "application/zip"
    assert answer["ETag"].strip('"') == hashlib.sha256(content).hexdigest()
    assert unpacked(content, tmp_path) == [f"sft/{n}" for n in sorted([*BESIDE, f"sft-train.{to}"])]
    bundle.write(release, form="sft", to=to, folder=tmp_path / "written")
    for file in (tmp_path / "written").iterdir():
        assert (tmp_path / "sft" / file.name).read_bytes() == file.read_bytes(), file.name


def test_datasets_loads_what_was_unpacked(client_of: Client, tmp_path: Path) -> None:
    release = made.release(3)
    unpacked(body(client_of.get(f"{API}{release.pk}/files/sft-parquet.zip")), tmp_path)
    loaded = datasets.load_dataset(str(tmp_path / "sft"), cache_dir=str(tmp_path / "cache"))
    assert loaded["train"].num_rows == 3


def test_equal_material_makes_equal_bytes(tmp_path: Path) -> None:
    release = made.release(2)
    digests = [packages.write(release, "sft", "csv", tmp_path / name) for name in ("a", "b")]
    assert digests[0] == digests[1]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"], "nothing else is left"


def test_what_a_program_wants_beside_the_data_is_in_it(client_of: Client, tmp_path: Path) -> None:
    release, study = made.release(2), made.rated([{0: "first"}], n=2)
    unpacked(body(client_of.get(f"{API}{release.pk}/files/llama_factory-jsonl.zip")), tmp_path)
    index = json.loads((tmp_path / "llama_factory" / "dataset_info.json").read_text())
    (told,) = index.values()
    assert (tmp_path / "llama_factory" / told["file_name"]).exists()
    of_study = f"/api/v1/study-files/{study.slug}/label_studio-json.zip"
    names = unpacked(body(client_of.get(of_study)), tmp_path)
    assert f"label_studio/label_studio-{study.slug}.xml" in names


def test_it_is_made_once_and_goes_when_the_study_goes_on(client_of: Client) -> None:
    study = made.rated([{0: "first"}], n=2)
    first = store.keep(study, "ratings-csv.zip")
    assert store.keep(study, "ratings-csv.zip") == first
    assert {"ratings-csv.zip"} == set(store.kept(study))


def test_a_failure_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    study = made.rated([{0: "first"}], n=2)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("exports.packages.shutil.copyfileobj", full)
    with pytest.raises(OSError, match="No space"):
        store.keep(study, "ratings-csv.zip")
    assert list(store._folder(study).iterdir()) == []


def test_a_withdrawn_release_gives_no_package(client_of: Client) -> None:
    release = made.release(1)
    url = f"{API}{release.pk}/withdraw/"
    client_of.post(url, {"reason": "A wrong number."}, content_type="application/json")
    assert client_of.get(f"{API}{release.pk}/files/sft-jsonl.zip").status_code == 410


def test_the_page_offers_them(client_of: Client) -> None:
    release = made.release(1)
    page = client_of.get(release.get_absolute_url()).content.decode()
    assert "/files/sft-csv.zip" in page and "CSV in a zip" in page
