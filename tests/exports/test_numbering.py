import pytest

from exports import numbering


def test_versions_stand_in_their_order() -> None:
    rising = ["0.9.0", "1.0.0-2", "1.0.0-10", "1.0.0-draft", "1.0.0-draft.1", "1.0.0", "1.9.0"]
    rising += ["1.10.0", "2.0.0"]
    shuffled = [*rising[4:], *rising[:4]]
    assert sorted(shuffled, key=numbering.order) == rising
    assert numbering.highest(rising) == "2.0.0" and numbering.highest([]) == ""


@pytest.mark.parametrize(
    ("last", "breaks", "adds", "proposed"),
    [
        ("", True, True, "1.0.0"),
        ("1.2.3", True, True, "2.0.0"),
        ("1.2.3", False, True, "1.3.0"),
        ("1.2.3", False, False, "1.2.4"),
        ("1.2.3-draft", False, False, "1.2.3"),
        ("0.9.0", True, False, "1.0.0"),
    ],
)
def test_the_next_version_follows_what_changed(
    last: str, breaks: bool, adds: bool, proposed: str
) -> None:
    assert numbering.following(last, breaks=breaks, adds=adds) == proposed
    assert not last or numbering.order(proposed) > numbering.order(last)
