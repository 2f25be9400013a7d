"""Flags: from one key on the rating page to the answer on the rater's own page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from annotation import flagging
from annotation.actions import flags
from annotation.models import Flag, FlagNote
from psychosafe_site.waiting import jobs_for
from tests.annotation.made import AT, lease, study
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(rater):
    return lease(study(), rater)


def flagged(assignment, kind="unclear", text="Which of the two is meant?") -> Flag:
    return flags.raise_flag(assignment=assignment, kind=kind, text=text, at=AT)


def test_a_flag_sent_twice_is_one_flag(held) -> None:
    assert flagged(held) == flagged(held)
    assert FlagNote.objects.count() == 1
    flagged(held, text="And the hint contradicts it.")
    assert (Flag.objects.count(), FlagNote.objects.count()) == (1, 2)


def test_another_kind_is_another_flag_and_so_is_one_after_settling(held, curator) -> None:
    first = flagged(held)
    flagged(held, "broken", "")
    flags.resolve(by=curator, flag=first, at=AT)
    assert flagged(held) != first
    assert Flag.objects.waiting().count() == 2


@pytest.mark.parametrize(("kind", "text"), [("nonsense", "x"), ("other", "  "), ("unclear", "\0")])
def test_a_flag_without_kind_or_words_is_refused(held, kind, text) -> None:
    with pytest.raises(flags.Unfit):
        flagged(held, kind, text)
    assert not Flag.objects.exists()


def test_a_flag_is_settled_once_and_opened_once(held, curator) -> None:
    flag = flagged(held)
    flags.resolve(by=curator, flag=flag, at=AT)
    with pytest.raises(flags.NotNow):
        flags.resolve(by=curator, flag=flag, at=AT)
    flags.reopen(by=curator, flag=flag)
    with pytest.raises(flags.NotNow):
        flags.reopen(by=curator, flag=flag)
    assert Flag.objects.waiting().count() == 1


def test_a_raters_reply_opens_a_settled_flag(held, curator) -> None:
    flag = flagged(held)
    flags.resolve(by=curator, flag=flag, at=AT)
    flags.reply(by=held.rater.user, flag=flag, text="It is still there.", at=AT)
    assert Flag.objects.waiting().get() == flag


@pytest.mark.parametrize("words", ["That is spring-plain.", "SPRING-KIND wrote it."])
def test_an_answer_that_names_a_model_of_the_study_is_refused(held, curator, words) -> None:
    flag = flagged(held)
    with pytest.raises(flags.TellsArm, match="must not learn"):
        flags.answer(by=curator, flag=flag, text=words, at=AT)
    assert flag.notes.count() == 1
    flags.answer(by=curator, flag=flag, text="In spring-plainer words: the first.", at=AT)
    assert flag.notes.count() == 2


def test_home_tells_the_curator_of_flags_and_the_rater_of_answers(held, curator) -> None:
    flag, rater = flagged(held), held.rater.user
    assert "Answer flags: Refusal study, spring round" in [j.title for j in jobs_for(curator)]
    assert flagging.n_answered(rater) == 0
    at = AT + timedelta(minutes=5)
    flags.answer(by=curator, flag=flag, text="The first one.", at=at)
    assert "Your flags were answered" in [job.title for job in jobs_for(rater)]
    flags.resolve(by=curator, flag=flag, at=at)
    assert (flagging.n_answered(rater), flagging.waiting_by_study()) == (0, [])


def test_a_rater_flags_from_the_rating_page_and_stays_on_the_item(held, signed_in) -> None:
    client = signed_in(held.rater.user)
    place = reverse("annotation:flag_item", args=[held.study.slug, held.pk])
    page = client.get(reverse("annotation:rate", args=[held.study.slug])).content.decode()
    assert place in page
    assert 'data-shortcut="f"' in page
    answer = client.post(place, {"kind": "broken", "text": "Cut off."})
    assert answer.headers["Location"] == reverse("annotation:rate", args=[held.study.slug])
    assert Flag.objects.get().notes.get().text == "Cut off."
    held.refresh_from_db()
    assert held.state == "leased"


def test_what_cannot_be_taken_stays_in_the_form(held, signed_in) -> None:
    place = reverse("annotation:flag_item", args=[held.study.slug, held.pk])
    page = signed_in(held.rater.user).post(place, {"kind": "", "text": "A long story."})
    assert page.status_code == 422
    assert "A long story." in page.content.decode()


def test_a_rater_reads_answers_without_names_and_never_anothers_flags(
    held, curator, signed_in
) -> None:
    flag = flagged(held)
    flags.answer(by=curator, flag=flag, text="The first one.", at=AT)
    page = signed_in(held.rater.user).get(reverse("annotation:own_flags")).content.decode()
    assert "The first one." in page
    for told in (curator.name, "spring-plain", "spring-kind", held.rater.label):
        assert told not in page
    other = signed_in(person("rater"))
    assert "The first one." not in other.get(reverse("annotation:own_flags")).content.decode()
    reply = reverse("annotation:reply_to_flag", args=[flag.pk])
    assert other.post(reply, {"text": "x"}).status_code == 404
    assert other.get(reverse("annotation:flag_item", args=["spring", held.pk])).status_code == 404


def test_a_curator_answers_and_settles_in_one_go(held, curator, signed_in) -> None:
    flag = flagged(held)
    place = reverse("annotation:flag", args=["spring", flag.pk])
    client = signed_in(curator)
    page = client.get(place).content.decode()
    assert "Which of the two is meant?" in page
    assert "spring-kind" not in page
    client.post(place, {"text": "The first.", "does": "resolve"})
    flag.refresh_from_db()
    assert (flag.is_open, flag.notes.count(), flag.resolved_by) == (False, 2, curator)
    client.post(place, {"text": "", "does": "reopen"})
    assert Flag.objects.waiting().exists()


def test_an_answer_that_was_refused_settles_nothing(held, curator, signed_in) -> None:
    flag = flagged(held)
    sent = {"text": "It is spring-kind.", "does": "resolve"}
    signed_in(curator).post(reverse("annotation:flag", args=["spring", flag.pk]), sent)
    assert Flag.objects.waiting().get().notes.count() == 1


def test_the_list_of_flags_costs_the_same_for_many(
    curator, signed_in, django_assert_num_queries
) -> None:
    made, client = study(8), signed_in(curator)
    place = reverse("annotation:study_flags", args=["spring"])
    for _ in range(6):
        held = lease(made, person("rater"))
        flagged(held)
        flagged(held, "broken", "")
    with django_assert_num_queries(7):
        page = client.get(place)
    assert "12 flags wait for you" in page.content.decode()


@pytest.mark.parametrize("role", ["rater", "researcher", "engineer", "author"])
def test_flags_of_a_study_are_for_curators(held, role, signed_in) -> None:
    flag = flagged(held)
    for place in (
        reverse("annotation:study_flags", args=["spring"]),
        reverse("annotation:flag", args=["spring", flag.pk]),
    ):
        assert signed_in(person(role)).get(place).status_code == 403
        assert Client().get(place).status_code == 302
