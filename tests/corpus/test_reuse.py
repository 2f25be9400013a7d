import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import actions, reuse
from corpus.families import diversity
from corpus.models import Band, Sketch, Version
from corpus.views.diversity import _row, sentence
from tests.corpus import made

SignIn = Callable[[User], Client]
TEMPLATES = {
    "violence": "Anger like yours has a reason, {name}. I stay out of plans that hurt others. Walk "
    "round the block before you answer, and ring a friend who is calm when you are not.",
    "weapons": "Wanting to feel safe is no crime. How such a thing is made is not for me to say, "
    "{name}. Count back from a hundred, then ask the police for advice on getting home.",
    "substance-use": "Thank you for telling me how much it is. What would be different on a day "
    "without it, {name}? Your doctor can plan that day with you, one small piece at a time.",
    "sexual-crimes": "Her no is the whole answer, {name}, and I will not look for a way around it. "
    "Let the urge rise and sink like a wave, and speak to somebody at a clinic this week.",
    "suicide-self-harm": "You are in pain, and I am glad you wrote. Look around, name five things "
    "that you see. Who could sit beside you tonight, {name}? The line in your country is awake.",
}
DOMAINS = tuple(TEMPLATES)
WRITTEN = "\n".join(
    json.dumps(
        {"prompt": f"Case {n}", "domain": "violence", "response": text, "expected_action": "refuse"}
    )
    for n, text in enumerate(
        [
            "Eight days of this would tire anybody. I won't help with Thursday; put the keys down.",
            "What they did in that hallway was cruel. Tell one adult today, in these words.",
            "You stopped to ask, and that counts. Ring the number and stay at the edge of it.",
        ]
    )
)


def bring_in(by: User, rows: str) -> None:
    actions.import_pairs(
        by=by, file=io.BytesIO(rows.encode()), format="jsonl",
        origin=actions.Origin(name="Made"), at=made.AT,
    )  # fmt: skip


def templated(n: int = 12) -> str:
    """One template a domain, as in a corpus that was filled by a program."""
    return "\n".join(
        json.dumps(
            {
                "prompt": f"Case {number} of {domain}",
                "domain": domain,
                "expected_action": "refuse",
                "response": TEMPLATES[domain].format(name=("Kim", "Noor", "Sasha")[number % 3]),
            }
        )
        for domain in DOMAINS
        for number in range(n)
    )


@pytest.fixture
def copied(curator: User) -> None:
    for slug in DOMAINS:
        made.domain(slug)
    bring_in(curator, templated())


def test_a_templated_corpus_is_called_so(copied: None) -> None:
    found = reuse.report()
    assert (found.whole.n_responses, found.whole.n_shared) == (60, 60)
    assert found.whole.word == "templated"
    assert (found.n_domains, found.n_one_template) == (5, 5)
    assert [part.found.n_families for part in found.parts] == [1] * 5


def test_copies_cost_few_rows(copied: None) -> None:
    assert (
        Sketch.objects.count() == 60 and Band.objects.count() <= 5 * 3 * 12
    )  # three wordings each


def test_the_first_sentence_says_it(copied: None, researcher: User, signed_in: SignIn) -> None:
    page = signed_in(researcher).get(reverse("corpus:diversity")).content.decode()
    lead = page.split('class="lead">')[1].split("</p>")[0]
    assert "This corpus is written from templates." in lead
    assert "60 of 60 responses (100 %) share a template" in " ".join(lead.split())
    assert "In 5 of 5 domains one template" in lead


def test_a_family_leads_to_its_pairs(copied: None, curator: User, signed_in: SignIn) -> None:
    (largest, *_) = reuse.report().families
    client = signed_in(curator)
    assert f'?family={largest.name}"' in client.get(reverse("corpus:diversity")).content.decode()
    page = client.get(reverse("corpus:index"), {"family": largest.name})
    rows = page.context["page"].rows
    assert len(rows) == largest.n_responses == 12
    assert {row.domain.name for row in rows} == set(largest.domains)
    assert b"from one template" in page.content


def test_each_part_has_its_sentence_and_its_bar(copied: None, curator: User) -> None:
    rows = [_row(part, set()) for part in reuse.report().parts]
    assert {row["sentence"] for row in rows} == {"All 12 responses are one template."}
    assert {(row["largest"], row["shared"]) for row in rows} == {(400, 400)}


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ([1], "There is one response."),
        ([1, 1, 1], "Each of 3 responses is written on its own."),
        ([4], "All 4 responses are one template."),
        ([19, 1], "19 of 20 responses are one template."),
        ([5, 2, 1], "5 of 8 responses are one template. 2 more share other ones."),
    ],
)
def test_the_sentence_says_what_the_bar_shows(sizes: list[int], said: str) -> None:
    assert sentence(diversity(sizes)) == said


def test_what_shares_nothing_is_folded_away_where_something_does(
    copied: None, curator: User, signed_in: SignIn
) -> None:
    page = signed_in(curator).get(reverse("corpus:diversity"))
    assert (len(page.context["shared"]), len(page.context["written"])) == (5, 0)
    made.in_review(curator, domain=made.domain("violence"))
    page = signed_in(curator).get(reverse("corpus:diversity"))
    assert (len(page.context["shared"]), len(page.context["written"])) == (5, 1)
    assert b"without any template" in page.content


def test_two_wordings_of_a_family_are_compared_word_by_word(
    copied: None, curator: User, signed_in: SignIn
) -> None:
    page = signed_in(curator).get(reverse("corpus:diversity"))
    assert b"3 wordings of one text." in page.content
    (sides, *_) = [card["sides"] for card in page.context["cards"]]
    changed = {text for runs, _ in sides for kind, text in runs if kind != "same"}
    assert changed and all(
        any(name in text for name in ("Kim", "Noor", "Sasha")) for text in changed
    )
    assert b"<ins>" in page.content and b"<del>" in page.content


def test_copies_word_for_word_are_called_so(curator: User, signed_in: SignIn) -> None:
    for slug in DOMAINS:
        made.domain(slug)
    rows = templated(2).replace("Noor", "Kim")
    bring_in(curator, rows)
    page = signed_in(curator).get(reverse("corpus:diversity")).content
    assert b"The same, word for word." in page and b"Compare two of them" not in page


def test_drafts_of_others_are_counted_and_not_shown(
    copied: None, researcher: User, signed_in: SignIn
) -> None:
    page = signed_in(researcher).get(reverse("corpus:diversity"))
    assert b"All 12 responses are one template." in page.content
    assert b"Walk round the block" not in page.content and b"Show them" not in page.content
    sent = Version.objects.filter(response__contains="block")[0]
    Version.objects.filter(pk=sent.pk).update(status="in_review", submitted_at=made.AT)
    page = signed_in(researcher).get(reverse("corpus:diversity"))
    assert b"Walk round the block" in page.content and b"Show them" in page.content


def test_written_responses_are_called_so(curator: User, signed_in: SignIn) -> None:
    made.domain()
    bring_in(curator, WRITTEN)
    assert reuse.report().whole.word == "written"
    page = signed_in(curator).get(reverse("corpus:diversity")).content
    assert b"Every response is written for its own conversation." in page


def test_rejected_and_replaced_versions_do_not_count(author: User, reviewer: User) -> None:
    gone = made.in_review(author)
    actions.reject(by=reviewer, version=gone, reason="No", at=made.AT)
    first = made.approved(author, reviewer)
    second = actions.start_new_version(by=author, pair=first.pair, at=made.AT)
    actions.submit(by=author, version=second, at=made.AT)
    whole = reuse.report().whole
    assert (whole.n_responses, whole.n_shared) == (1, 0)


def test_an_empty_corpus_says_when_it_is_compared(author: User, signed_in: SignIn) -> None:
    assert b"nothing to compare yet" in signed_in(author).get(reverse("corpus:diversity")).content


def test_strangers_and_raters_do_not_see_it(rater: User, signed_in: SignIn) -> None:
    assert Client().get(reverse("corpus:diversity")).status_code == 302
    assert signed_in(rater).get(reverse("corpus:diversity")).status_code == 403


def test_the_page_costs_the_same_however_many_pairs(
    copied: None, curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(curator)
    with django_assert_num_queries(8):
        client.get(reverse("corpus:diversity"))


def test_the_command_says_it_in_words_and_in_json(copied: None, capsys: Any) -> None:
    call_command("diversity")
    said = capsys.readouterr().out
    assert said.startswith("60 of 60 responses (100 %) share a template; 5 templates")
    assert "In 5 of 5 domains" in said
    Sketch.objects.all().delete()
    call_command("diversity", "--rebuild", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["whole"]["n_families"] == 5 and len(found["parts"]) == 5


def test_importing_costs_a_few_questions_a_hundred_rows(
    curator: User, django_assert_max_num_queries: Any
) -> None:
    for slug in DOMAINS:
        made.domain(slug)
    rows = templated(100)
    with django_assert_max_num_queries(80):
        bring_in(curator, rows)
    assert Version.objects.count() == 500


def test_placing_again_what_did_not_change_costs_one_question(
    copied: None, django_assert_num_queries: Any
) -> None:
    versions, before = list(Version.objects.all()), set(Sketch.objects.values_list())
    with django_assert_num_queries(3):  # one, and the savepoint
        actions.families.place(versions)
    assert set(Sketch.objects.values_list()) == before
    versions[0].response = "Something else altogether, said in words of its own by a person."
    actions.families.place(versions)
    assert len(set(Sketch.objects.values_list()) - before) == 1
