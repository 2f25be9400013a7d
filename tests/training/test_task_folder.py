"""A folder of one's own tasks is read far enough to name them, and no code in it is run."""

from pathlib import Path

import pytest

from training.task_folder import NoTasks, tasks_in


def test_tasks_are_found_with_what_they_ask(tmp_path: Path) -> None:
    (tmp_path / "sums.yaml").write_text("task: sums\noutput_type: generate_until\n")
    inner = tmp_path / "more"
    inner.mkdir()
    (inner / "_base").write_text("output_type: multiple_choice\ndataset_path: json\n")
    (inner / "pick.yaml").write_text(
        "include: _base\ntask: pick\nprocess_docs: !function utils.process\n"
    )
    (inner / "all.yml").write_text("group: all\ntask:\n  - sums\n  - pick\n")
    assert tasks_in(tmp_path) == {"sums": False, "pick": True, "all": None}


def test_what_lies_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("output_type: multiple_choice\n")
    folder = tmp_path / "tasks"
    folder.mkdir()
    (folder / "a.yaml").write_text("include: ../outside.yaml\ntask: a\n")
    assert tasks_in(folder) == {"a": None}


@pytest.mark.parametrize(
    ("text", "said"), [("x: 1\n", "has no task"), ("task: [\n", "a.yaml cannot be read")]
)
def test_a_folder_that_is_none_is_refused_with_the_reason(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(NoTasks, match=said):
        tasks_in(tmp_path)
    with pytest.raises(NoTasks, match="There is no folder"):
        tasks_in(tmp_path / "missing")
