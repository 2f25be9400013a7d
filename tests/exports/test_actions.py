from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent, User
from corpus import actions as corpus_actions
from corpus.conversation import single
from corpus.models import Pair, Source, Version
from exports import actions
from exports.choice import Choice
from exports.models import Release, ReleaseEntry
from exports.preview import left_out
from tests.corpus import made as corpus
from tests.exports import made
from tests.exports.made import CUT
from tests.people import person

pytestmark = pytest.mark.django_db


def cut(**changes) -> Release:
    return actions.cut_release(
        **{
            **{"by": None, "name": "Refusals", "version": "1.0.0", "at": CUT},
            **{"overrides": made.SAME, **changes},
        }
    )


def test_a_release_holds_what_is_approved_and_fresh(author: User, reviewer: User) -> None:
    corpus.draft(author)
    corpus.in_review(author)
    stale = corpus.approved(author, reviewer, at=CUT - timedelta(days=400))
    fresh = corpus.approved(author, reviewer)
    release = cut()
    assert [entry.version for entry in release.entries.all()] == [fresh]
    assert stale.best_before < CUT.date()
    assert AuditEvent.objects.filter(verb="release made", target="Refusals 1.0.0").exists()


def test_a_release_takes_the_newest_approved_version(author: User, reviewer: User) -> None:
    first = corpus.approved(author, reviewer)
    again = corpus_actions.start_new_version(by=author, pair=first.pair, at=CUT)
    assert list(cut().versions.all()) == [first]
    sent = corpus_actions.submit(by=author, version=again, at=CUT)
    second = corpus.approve(reviewer, sent, at=CUT)
    assert list(cut(version="1.1.0").versions.all()) == [second]


def test_a_release_of_a_domain_leaves_the_others_out(author: User, reviewer: User) -> None:
    violence = corpus.approved(author, reviewer)
    corpus.approved(author, reviewer, domain=corpus.domain("weapons"))
    release = cut(choice=Choice(domains=("violence",)))
    assert list(release.versions.all()) == [violence]
    assert "Violence" in release.filters and "2026-03-09" in release.filters


def test_equal_content_has_an_equal_digest(author: User, reviewer: User) -> None:
    made.pairs(3)
    assert cut().digest == cut(name="Under another name", version="2.0.0").digest
    corpus.approved(author, reviewer)
    assert cut(version="1.1.0").digest != Release.objects.get(version="1.0.0").digest


def test_each_pair_keeps_the_split_of_its_day() -> None:
    for words in ("I hear how angry you are. Breathe first.", "No plan from me. Who is with you?"):
        made.pairs(1, response=words, messages=single(words))
    held_out = Pair.objects.order_by("pk")[0]
    Pair.objects.filter(pk=held_out.pk).update(split="test")
    first = cut()
    splits = dict(first.entries.values_list("version__pair_id", "split"))
    assert sorted(splits.values()) == ["test", "train"] and splits[held_out.pk] == "test"
    Pair.objects.update(split="train")
    assert {entry.split for entry in cut(version="2.0.0").entries.all()} == {"train"}
    assert Release.objects.get(version="2.0.0").digest != first.digest
    assert first.entries.filter(split="test").count() == 1


def test_an_empty_release_is_refused(author: User) -> None:
    corpus.draft(author)
    with pytest.raises(actions.NothingToRelease, match="nothing to release"):
        cut()
    assert not Release.objects.exists()


def test_a_taken_name_and_version_is_refused() -> None:
    made.release()
    with pytest.raises(actions.NameTaken, match=r"Refusals 1\.0\.0"):
        cut(name="  Refusals ")
    assert cut(version="1.0.1") and cut(name="Others")


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0 beta", ""])
def test_a_version_that_is_not_semantic_is_refused(version: str) -> None:
    made.pairs(1)
    with pytest.raises(actions.BadField, match=r"such as 1\.0\.0") as refusal:
        cut(version=version)
    assert refusal.value.field == "version"


def test_a_name_without_letters_is_refused() -> None:
    made.pairs(1)
    with pytest.raises(actions.BadField, match="name"):
        cut(name=" -- ")


def test_a_release_of_sample_material_says_so(author: User, reviewer: User) -> None:
    source = Source.objects.create(name="Made up", licence="CC0-1.0", is_sample=True)
    draft = corpus_actions.start_pair(by=author, at=CUT, fields=corpus.fields(), source=source)
    sent = corpus_actions.submit(by=author, version=draft, at=CUT)
    corpus.approve(reviewer, sent, at=CUT)
    assert cut().is_sample


def test_a_release_of_real_material_does_not_say_sample() -> None:
    assert not made.release().is_sample


def test_a_withdrawal_needs_a_reason_and_happens_once(curator: User) -> None:
    release = made.release()
    with pytest.raises(actions.BadField, match="Say why"):
        actions.withdraw(by=curator, release=release, reason="  ", at=CUT)
    withdrawn = actions.withdraw(by=curator, release=release, reason="A wrong number.", at=CUT)
    assert withdrawn.is_withdrawn and withdrawn.withdrawn_reason == "A wrong number."
    with pytest.raises(actions.AlreadyWithdrawn):
        actions.withdraw(by=curator, release=release, reason="Again", at=CUT)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Release.objects.update(digest="0" * 64),
        lambda: Release.objects.update(name="Other"),
        lambda: ReleaseEntry.objects.update(position=99),
        lambda: ReleaseEntry.objects.update(split="test"),
        lambda: Release.objects.update(is_sealed=False),
        lambda: Release.objects.update(created_at=CUT),
        lambda: ReleaseEntry.objects.create(
            release=Release.objects.get(), version=Version.objects.get(), position=2
        ),
    ],
)
def test_the_database_itself_keeps_a_release_as_it_is(change) -> None:
    made.release(1)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change()


def test_cutting_costs_the_same_whatever_its_size(django_assert_num_queries) -> None:
    for n, name in [(12, "Few"), (30, "Many")]:
        made.pairs(n)
        with django_assert_num_queries(14):
            cut(name=name)


def test_what_is_left_out_is_counted_with_its_reason(author: User, reviewer: User) -> None:
    corpus.draft(author)
    corpus.in_review(author)
    corpus.approved(author, reviewer, at=CUT - timedelta(days=400))
    kept = corpus.approved(author, reviewer)
    corpus_actions.start_new_version(by=author, pair=kept.pair, at=CUT)
    corpus.approved(person("author"), reviewer, domain=corpus.domain("weapons"))
    reasons = {str(why).split()[0]: n for n, why in left_out(Choice(), on=CUT.date())}
    assert reasons == {"approved,": 1, "drafts": 1, "in": 1}
    narrow = left_out(Choice(domains=("violence",)), on=CUT.date())
    assert (1, "approved, and not among what is chosen") in narrow


def test_the_plan_is_what_is_then_made() -> None:
    made.pairs(4)
    planned = actions.checked(name="Refusals", at=CUT)
    assert planned.n_pairs == 4 and planned.proposed == "1.0.0" and not planned.hindrances
    assert [(line.domain, line.split, line.n) for line in planned.lines] == [
        ("Violence", "train", 4)
    ]
    held = cut().entries.order_by("position").values_list("version_id", flat=True)
    assert list(held) == [each.id for each in planned.candidates]
