from exports import changes
from exports.candidates import Held

HELD = Held("v1", "d1", "train", "violence", "refuse", "p1")


def test_pairs_are_added_removed_and_changed() -> None:
    found = changes.between(
        {"a": HELD, "b": HELD, "c": HELD},
        {
            "b": HELD,
            "c": HELD._replace(version="v2", digest="d2"),
            "d": HELD._replace(version="v9"),
        },
    )
    assert found.added == {"d": "v9"} and found.removed == {"a": "v1"}
    assert found.changed == [changes.Changed("c", "v2", ("wording",))]
    assert found and found.breaks


def test_another_meaning_breaks_and_another_wording_does_not() -> None:
    reworded = changes.between({"a": HELD}, {"a": HELD._replace(digest="d2")})
    assert reworded and not reworded.breaks
    for field in ("prompt", "domain", "expected_action", "split"):
        (changed,) = changes.between({"a": HELD}, {"a": HELD._replace(**{field: "x"})}).changed
        assert changed.what == (field,) and changed.is_of_meaning


def test_the_same_pairs_are_no_change() -> None:
    assert not changes.between({"a": HELD}, {"a": HELD})
    assert not changes.between({}, {})
