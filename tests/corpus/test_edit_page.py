from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import examples, loading
from corpus.models import Pair, Strategy, Version
from corpus.models.pairs import Status
from tests.corpus import made
from tests.people import person

SignIn = Callable[[User], Client]


def posted(version: Version, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "lock_version": version.lock_version,
        "turn_role": [turn["role"] for turn in version.messages],
        "turn_content": [turn["content"] for turn in version.messages],
        "expected_action": version.expected_action,
        "language": version.language,
        "country": version.country,
        "domain": version.domain_id or "",
        "category": version.category,
        "strategy": version.strategy_id or "",
        "response": version.response,
    }
    return {**values, **changes}


def save(client: Client, version: Version, *, autosave: bool = False, **changes: Any) -> Any:
    headers = {"X-Autosave": "1"} if autosave else {}
    url = reverse("corpus:save", args=[version.pk])
    return client.post(url, posted(version, **changes), headers=headers)


# A new pair


def test_a_stranger_is_asked_to_sign_in_before_writing(db: None) -> None:
    answer = Client().post(reverse("corpus:new"), {"expected_action": "refuse"})
    assert answer.status_code == 302 and "/you/" in answer["Location"]


def test_a_reviewer_starts_no_pair(reviewer: User, signed_in: SignIn) -> None:
    answer = signed_in(reviewer).post(reverse("corpus:new"), {"expected_action": "refuse"})
    assert answer.status_code == 403 and not Pair.objects.exists()


def test_a_pair_begins_with_whether_to_refuse(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    assert b"Should this be refused?" in client.get(reverse("corpus:new")).content
    answer = client.post(reverse("corpus:new"), {"expected_action": "partial"}, follow=True)
    version = Version.objects.get()
    assert version.expected_action == "partial"
    assert answer.redirect_chain[-1][0] == reverse("corpus:edit", args=[version.pk])


def test_a_pair_does_not_begin_without_an_answer(author: User, signed_in: SignIn) -> None:
    assert signed_in(author).post(reverse("corpus:new"), {}).status_code == 422


# Saving


def test_a_stranger_saves_nothing(author: User) -> None:
    version = made.draft(author)
    assert save(Client(), version, response="x").status_code == 302
    assert Version.objects.get().response == version.response


def test_another_author_finds_no_draft_to_save(author: User, signed_in: SignIn) -> None:
    version = made.draft(author)
    assert save(signed_in(person("author")), version, response="x").status_code == 404
    assert save(signed_in(person("reviewer")), version, response="x").status_code == 403


def test_an_autosave_answers_with_the_lock_version_and_what_is_missing(
    author: User, signed_in: SignIn
) -> None:
    version = made.draft(author)
    answer = save(signed_in(author), version, autosave=True, response="", domain="")
    assert (answer.status_code, answer["X-Lock-Version"]) == (200, "2")
    assert b"No risk domain is chosen" in answer.content
    assert b"<html" not in answer.content
    assert Version.objects.get().response == ""


def test_a_save_by_hand_leads_back_to_the_draft(author: User, signed_in: SignIn) -> None:
    version = made.draft(author)
    answer = save(signed_in(author), version, response="One\r\ntwo")
    assert answer["Location"] == reverse("corpus:edit", args=[version.pk])
    assert Version.objects.get().response == "One\ntwo"


def test_two_tabs_lose_nothing_and_the_writer_chooses(author: User, signed_in: SignIn) -> None:
    version, client = made.draft(author), signed_in(author)
    save(client, version, autosave=True, response="Words of tab one")
    quiet = save(client, version, autosave=True, response="Words of tab two")
    assert quiet.status_code == 409 and "side by side" in quiet.json()["message"]
    page = save(client, version, response="Words of tab two")
    text = page.content.decode()
    assert page.status_code == 409
    assert "Words of tab one" in text and "Words of tab two" in text
    assert "data-autosave=" not in text
    assert 'name="lock_version" value="2"' in text
    kept = save(client, version, response="Words of tab two", lock_version=2)
    assert kept.status_code == 302
    assert Version.objects.get().response == "Words of tab two"


def test_a_submitted_draft_gives_the_text_of_another_tab_back(
    author: User, signed_in: SignIn
) -> None:
    version, client = made.draft(author), signed_in(author)
    save(client, version, send="1")
    page = save(client, version, response="Typed in the other tab")
    assert page.status_code == 409
    assert b"Typed in the other tab" in page.content and b"in review" in page.content


def test_a_text_too_long_is_refused_and_kept_in_the_page(author: User, signed_in: SignIn) -> None:
    version, client = made.draft(author), signed_in(author)
    long = "word " * 5000
    assert save(client, version, autosave=True, response=long).status_code == 422
    page = save(client, version, response=long)
    assert page.status_code == 422 and page.content.count(b"word") >= 5000
    assert 'name="lock_version" value="1"' in page.content.decode()


def test_an_unknown_choice_is_refused_with_words(author: User, signed_in: SignIn) -> None:
    answer = save(signed_in(author), made.draft(author), autosave=True, domain="nowhere")
    assert answer.status_code == 422 and "Risk domain" in answer.json()["message"]


# Turns without JavaScript


def test_a_turn_is_added_and_removed_by_buttons(author: User, signed_in: SignIn) -> None:
    version, client = made.draft(author), signed_in(author)
    answer = save(client, version, add_turn="1")
    page = client.get(answer["Location"]).content.decode()
    assert page.count('name="turn_content"') == 3  # two turns and the template
    assert '<option value="assistant" selected>' in page
    save(
        client, version, lock_version=2, remove_turn="1",
        turn_role=["user", "assistant"], turn_content=["First", "Second"],
    )  # fmt: skip
    assert Version.objects.get().messages == [{"role": "assistant", "content": "Second"}]


def test_a_removed_turn_is_put_back_by_a_button(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    version = made.draft(author, messages=made.conversation.single("Typed with care"))
    page = save(client, version, remove_turn="1").content.decode()
    assert "Turn 1 is removed" in page and 'name="back_content" value="Typed with care"' in page
    assert Version.objects.get().messages == []
    save(
        client, version, lock_version=2, put_back="1", back_role="user",
        back_content="Typed with care", turn_role=["user"], turn_content=[""],
    )  # fmt: skip
    assert Version.objects.get().messages == made.conversation.single("Typed with care")


# Sending


def test_sending_saves_and_submits(author: User, signed_in: SignIn) -> None:
    version = made.draft(author)
    answer = save(signed_in(author), version, send="1", response="The last words")
    stored = Version.objects.get()
    assert answer["Location"] == version.get_absolute_url()
    assert (stored.status, stored.response) == (Status.IN_REVIEW, "The last words")


def test_sending_too_early_saves_and_says_what_is_missing(author: User, signed_in: SignIn) -> None:
    version = made.draft(author)
    page = save(signed_in(author), version, send="1", domain="", response="Kept")
    assert page.status_code == 422 and b"not sent for review yet" in page.content
    assert 'name="lock_version" value="2"' in page.content.decode()
    assert Version.objects.get().response == "Kept"


# The page


def test_the_page_shows_the_strategy_and_the_cues(author: User, signed_in: SignIn) -> None:
    version = made.draft(author)
    page = signed_in(author).get(reverse("corpus:edit", args=[version.pk]))
    assert b"Summarise" in page.content and b"A made handbook" in page.content
    assert b"wants them to feel it" in page.content


def test_the_question_whether_to_refuse_comes_first_with_guidance_for_each_answer(
    author: User, signed_in: SignIn
) -> None:
    page = signed_in(author).get(reverse("corpus:edit", args=[made.draft(author).pk]))
    text = page.content.decode()
    first = [text.index(f'name="{name}"') for name in ("expected_action", "turn_role", "response")]
    assert first == sorted(first)
    for answer in ("refuse", "partial", "answer"):
        assert f'data-for="{answer}"' in text
    assert "A benign contrast" in text and "A good partial answer" in text


def test_four_parts_are_offered_in_the_drafts_language(author: User, signed_in: SignIn) -> None:
    version = made.draft(author, language="da")
    page = signed_in(author).get(reverse("corpus:edit", args=[version.pk])).content.decode()
    assert page.count('id="part-') == 4 and "De næste ti minutter kan du …" in page
    assert page.count('name="response"') == 1


def test_the_example_is_of_an_approved_pair_with_the_strategy(
    author: User, reviewer: User, signed_in: SignIn
) -> None:
    client, version = signed_in(author), made.draft(author)
    url = reverse("corpus:edit", args=[version.pk])
    assert "Made for the sample" in client.get(url).content.decode()
    shown = made.approved(author, reviewer, response="An answer to learn from.")
    made.draft(author, response="A draft is no example.")
    page = client.get(url).content.decode()
    assert "An answer to learn from." in page and shown.get_absolute_url() in page
    assert "Made for the sample" not in page and "A draft is no example." not in page


def test_a_pair_to_answer_has_an_example_without_a_strategy(
    author: User, signed_in: SignIn
) -> None:
    version = made.draft(author, strategy=None, expected_action="answer")
    page = signed_in(author).get(reverse("corpus:edit", args=[version.pk])).content
    assert b"An example of a pair to answer" in page and b"Made for the sample" in page


def test_every_strategy_that_is_shipped_has_an_example(author: User) -> None:
    loading.load_taxonomy()
    for strategy in Strategy.objects.all():
        found = examples.of(made.draft(author, strategy=strategy))
        assert found and found.is_sample and found.response, strategy.slug


def test_a_passage_leads_to_its_place_only_where_the_text_is_written(
    author: User, signed_in: SignIn
) -> None:
    version, client = made.draft(author), signed_in(author)
    answer = save(client, version, autosave=True, response="Write to ann@example.org.")
    assert 'href="#id_response" data-find="' in answer.content.decode()
    assert b"data-find" not in client.get(version.get_absolute_url()).content


def test_choosing_a_domain_brings_its_categories(author: User, signed_in: SignIn) -> None:
    version, other = made.draft(author), made.domain("weapons")
    other.categories.update(name="Blades")
    answer = signed_in(author).get(
        reverse("corpus:edit", args=[version.pk]),
        {"domain": other.pk},
        headers={"HX-Request": "true"},
    )
    assert b"Blades" in answer.content and b"<html" not in answer.content
    assert Version.objects.get().domain == version.domain


def test_what_was_typed_is_escaped(author: User, signed_in: SignIn) -> None:
    evil = "</textarea><script>alert(1)</script>"
    version = made.draft(author, response=evil, messages=[{"role": "user", "content": evil}])
    page = signed_in(author).get(reverse("corpus:edit", args=[version.pk])).content
    assert b"<script>alert" not in page and page.count(b"&lt;script&gt;alert(1)") >= 2


def test_a_submitted_version_is_read_not_edited(author: User, signed_in: SignIn) -> None:
    version = made.in_review(author)
    answer = signed_in(author).get(reverse("corpus:edit", args=[version.pk]))
    assert answer["Location"] == version.get_absolute_url()


def test_the_page_costs_the_same_however_many_pairs_there_are(
    author: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    version, client = made.draft(author), signed_in(author)
    made.draft(author), made.draft(author)
    with django_assert_num_queries(14):
        client.get(reverse("corpus:edit", args=[version.pk]))
