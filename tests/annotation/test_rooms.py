"""Calibration rooms: blind votes, the reveal, the talk, blind votes again; none of them ratings."""

import pytest
from django.test import Client
from django.urls import reverse

from annotation import answers, calibrating, calibration
from annotation.actions import raters, rooms
from annotation.models import PromptRating, Rating, Room, RoomVote
from psychosafe_site.waiting import jobs_for
from tests.annotation.made import AT, study
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return study(4)


@pytest.fixture
def people(made):
    found = [raters.of(person("rater", name=f"Rita {n}")) for n in "abc"]
    for each in found:
        raters.seat(study=made, rater=each, at=AT)
    return found


@pytest.fixture
def room(made, people, curator):
    items = list(made.items.all()[:2])
    return rooms.make(by=curator, study=made, name="First talk", items=items, raters=people)


def votes(made, **values):
    return [
        {"slot": slot, "criterion": asked.key, "value": values.get(asked.key, asked.scale[0])}
        for slot in "AB"
        for asked in rooms.sheet_of(made).criteria
    ]


def scale_of(made) -> str:
    return next(each.key for each in rooms.sheet_of(made).criteria if each.kind == "scale")


def vote_all(room, values=(1, 3, 5)) -> None:
    for rater, value in zip(room.raters.order_by("label"), values, strict=True):
        given = votes(room.study, **{scale_of(room.study): value})
        for item in room.items.all():
            rooms.vote(room=room, item=item, rater=rater, ratings=given, at=AT)
    room.refresh_from_db()


def test_the_votes_are_shown_once_the_last_one_is_in(room, people) -> None:
    given, items = votes(room.study), list(room.items.all())
    for rater in people[:2]:
        for item in items:
            rooms.vote(room=room, item=item, rater=rater, ratings=given, at=AT)
    rooms.vote(room=room, item=items[0], rater=people[2], ratings=given, at=AT)
    room.refresh_from_db()
    assert room.state == "voting"
    assert calibrating.distributions(room, items[0], None)[0][1][0].first[0].n == 0
    rooms.vote(room=room, item=items[1], rater=people[2], ratings=given, at=AT)
    room.refresh_from_db()
    assert room.state == "talking"


def test_room_votes_are_no_ratings(room) -> None:
    vote_all(room)
    assert RoomVote.objects.exists()
    assert not Rating.everything.exists()
    assert not PromptRating.everything.exists()


def test_a_vote_is_replaced_before_the_reveal_and_refused_after_it(room, people, curator) -> None:
    item, key = room.items.all()[0], scale_of(room.study)
    for value in (1, 4):
        given = votes(room.study, **{key: value})
        rooms.vote(room=room, item=item, rater=people[0], ratings=given, at=AT)
    assert set(RoomVote.objects.filter(criterion__key=key).values_list("value", flat=True)) == {4}
    rooms.reveal(by=curator, room=room)
    with pytest.raises(rooms.NotNow):
        rooms.vote(room=room, item=item, rater=people[0], ratings=given, at=AT)
    with pytest.raises(rooms.NotNow):
        rooms.reveal(by=curator, room=room)


def test_a_vote_with_a_gap_is_refused_whole(room, people) -> None:
    with pytest.raises(answers.Unfit):
        rooms.vote(
            room=room,
            item=room.items.all()[0],
            rater=people[0],
            ratings=votes(room.study)[1:],
            at=AT,
        )
    assert not RoomVote.objects.exists()


def test_only_the_people_of_the_room_vote_and_talk(room, curator) -> None:
    stranger, item = raters.of(person("rater")), room.items.all()[0]
    with pytest.raises(rooms.NotInvited):
        rooms.vote(room=room, item=item, rater=stranger, ratings=votes(room.study), at=AT)
    rooms.reveal(by=curator, room=room)
    with pytest.raises(rooms.NotInvited):
        rooms.say(by=stranger.user, room=room, item=item, text="Hello", at=AT)
    assert rooms.say(by=curator, room=room, item=item, text="Hello", at=AT)


def test_moves_happen_in_order_and_once(room, curator) -> None:
    with pytest.raises(rooms.NotNow):
        rooms.vote_again(by=curator, room=room)
    vote_all(room)
    rooms.vote_again(by=curator, room=room)
    with pytest.raises(rooms.NotNow):
        rooms.vote_again(by=curator, room=room)
    with pytest.raises(rooms.NotNow, match="talks after"):
        rooms.say(by=curator, room=room, item=room.items.all()[0], text="Late", at=AT)
    room.refresh_from_db()
    vote_all(room, (3, 3, 3))
    assert room.state == "closed"
    with pytest.raises(rooms.NotNow):
        rooms.close(by=curator, room=room)


def test_agreement_is_told_before_and_after_with_intervals(room, curator) -> None:
    vote_all(room)
    line = next(x for x in calibrating.lines(room) if x.asked.key == scale_of(room.study))
    assert (line.before.percent.value, line.after) == (0.0, None)
    rooms.vote_again(by=curator, room=room)
    room.refresh_from_db()
    line = next(x for x in calibrating.lines(room) if x.asked.key == scale_of(room.study))
    assert line.after is None
    vote_all(room, (3, 3, 4))
    line = next(x for x in calibrating.lines(room) if x.asked.key == scale_of(room.study))
    assert line.after is not None
    assert line.after.percent.value == pytest.approx(1 / 3)
    low, high = line.after.percent.ends
    assert low < 1 / 3 < high


def test_those_who_could_not_judge_are_counted_apart(made) -> None:
    asked = next(each for each in rooms.sheet_of(made).criteria if each.kind == "scale")
    bars = calibration.distribution(asked, [1, 1, None, 3], own=1)
    assert [bar.n for bar in bars] == [2, 0, 1, 0, 0, 1]
    assert [bar.is_own for bar in bars][:2] == [True, False]


@pytest.mark.parametrize("n", [0, 1])
def test_a_room_needs_items_and_two_raters(made, people, curator, n) -> None:
    chosen = people if n == 0 else people[:1]
    with pytest.raises(rooms.Unfit):
        rooms.make(
            by=curator, study=made, name="x", items=list(made.items.all()[:n]), raters=chosen
        )
    assert not Room.objects.exists()


def test_a_curator_makes_a_room_by_numbers(made, people, curator, signed_in) -> None:
    client, place = signed_in(curator), reverse("annotation:study_rooms", args=["spring"])
    sent = {"name": "Talk", "items": "1, 3", "raters": [each.pk for each in people]}
    wrong = client.post(place, sent | {"items": "1, 9"})
    assert (wrong.status_code, "no item 9" in wrong.content.decode()) == (422, True)
    gone = client.post(place, sent)
    assert gone.status_code == 302
    assert list(Room.objects.get().items.values_list("position", flat=True)) == [0, 2]
    assert "Calibration room: Talk" in [job.title for job in jobs_for(people[0].user)]


def test_a_room_from_vote_to_talk_by_its_pages(room, people, curator, signed_in) -> None:
    client, item = signed_in(people[0].user), room.items.all()[0]
    place = reverse("annotation:room_item", args=[room.pk, item.pk])
    form = {f"{row['slot']}.{row['criterion']}": row["value"] for row in votes(room.study)}
    page = client.get(place).content.decode()
    assert " checked" not in page.replace("is checked", "")
    assert client.post(place, {"x": "1"}).status_code == 422
    assert client.post(place, form).status_code == 302
    own = client.get(reverse("annotation:room", args=[room.pk])).content.decode()
    assert "1 of 2 items" in own
    assert "Alpha before" not in own
    curated = signed_in(curator)
    move = reverse("annotation:curated_room", args=["spring", room.pk])
    assert "Alpha before" not in curated.get(move).content.decode()
    curated.post(move, {"does": "reveal"})
    shown = client.get(place).content.decode()
    assert "The votes" in shown
    for told in ("spring-plain", "spring-kind", "Rita b"):
        assert told not in shown
    client.post(place, {"text": "The second one is cold."})
    there = reverse("annotation:curated_room_item", args=["spring", room.pk, item.pk])
    assert "The second one is cold." in curated.get(there).content.decode()
    assert "Alpha before" in curated.get(move).content.decode()


def test_rooms_are_closed_to_those_not_asked(room, signed_in) -> None:
    item = room.items.all()[0]
    other = signed_in(person("rater"))
    for place in (
        reverse("annotation:room", args=[room.pk]),
        reverse("annotation:room_item", args=[room.pk, item.pk]),
    ):
        assert other.get(place).status_code == 404
        assert Client().get(place).status_code == 302
    move = reverse("annotation:curated_room", args=["spring", room.pk])
    assert other.post(move, {"does": "reveal"}).status_code == 403
    room.refresh_from_db()
    assert room.state == "voting"


def test_a_rooms_page_costs_the_same_for_many_votes(
    room, curator, signed_in, django_assert_num_queries
) -> None:
    vote_all(room)
    client = signed_in(curator)
    with django_assert_num_queries(8):
        client.get(reverse("annotation:curated_room", args=["spring", room.pk]))
