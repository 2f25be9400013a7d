"""Everything that a rater can fetch is the same, byte for byte, whatever the runs are called.

Two worlds are built from the same draws of chance and the same clock; their runs differ in names,
instructions, measurements and order of making alone. Static files are left out: they lie on disk
and no request can change them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from annotation.actions import gold, guesses, raters, studies
from annotation.models import Assignment, ItemAnswer, Study
from corpus.models import PromptSet
from gate.text import digest
from generation.models import Completion, Condition, LanguageModel, Run
from tests.annotation import made
from tests.annotation.made import AT
from tests.journeys.routes import Route, routes
from tests.people import person

pytestmark = pytest.mark.django_db
N = 3
SAID = ("Ask somebody you trust, {n}.", "I hear you. Who is with you now, {n}?")
# Signing in and its second factors: they draw challenges of their own and know no study.
NOT_OURS = ("account_", "mfa_", "demo_")
JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Named:
    """What a run is called and how it was made."""

    model: str
    condition: str
    instructions: str
    tokens: int


ONE = (
    Named("tern-7b", "condition-bare", "", 11),
    Named("heron-70b-chat", "condition-of-warmth", "Be kind to whoever writes.", 240),
)
OTHER = (
    Named("an-altogether-longer-name-of-a-model-8b", "with-steps", "Name a step.", 512),
    Named("owl", "informed-and-careful", "", 3),
)


def run(over: PromptSet, named: Named, said: str) -> Run:
    condition = Condition.objects.create(
        name=named.condition,
        system_prompt=named.instructions,
        system_prompt_digest=digest(named.instructions),
    )
    model = LanguageModel.objects.create(name=named.model, served_name=f"served-{named.model}")
    made_run = Run.objects.create(
        prompt_set=over, model=model, condition=condition, state="done", is_imported=True
    )
    Completion.objects.bulk_create(
        Completion(
            run=made_run,
            prompt_id=entry.prompt_id,
            state="done",
            text=said.format(n=entry.external_id),
            digest=digest(said.format(n=entry.external_id)),
            finish_reason="stop",
            n_completion_tokens=named.tokens,
            latency_s=named.tokens / 7,
            completed_at=AT + timedelta(seconds=named.tokens),
            provenance={"model": named.model},
        )
        for entry in over.entries.all()
    )
    return made_run


class Chance:
    """The same draws in both worlds."""

    def __init__(self) -> None:
        self.n = 0

    def begin(self, number: int) -> None:
        """Each request has draws of its own, whatever was drawn before it."""
        self.n = number * 1_000_000

    def bits(self) -> int:
        self.n += 1
        return int.from_bytes(hashlib.sha256(str(self.n).encode()).digest(), "big")

    def token_urlsafe(self, size: int = 16) -> str:
        return f"x{self.bits():x}"[: size * 4 // 3 + 1]

    def choice(self, among: Any) -> Any:
        return among[self.bits() % len(among)]


class Rater(Client):
    """A browser whose every request begins chance anew and is a second later."""

    def __init__(self, chance: Chance, ticks: list[int]) -> None:
        super().__init__(raise_request_exception=False)
        self.chance, self.ticks = chance, ticks

    def request(self, **more: Any) -> Any:
        self.ticks[0] += 1
        self.chance.begin(self.ticks[0])
        return super().request(**more)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, bytes]]:
    """Everything that a rater is told in a world with such runs; `forbidden` are words."""

    def tell(named: tuple[Named, Named], *, marks_gold: bool = False) -> dict[str, bytes]:
        chance = Chance()
        for name in ("token_urlsafe", "choice"):
            monkeypatch.setattr(f"secrets.{name}", getattr(chance, name))
        monkeypatch.setattr("secrets.randbits", lambda _n: chance.bits() >> 194)
        ticks = [0]
        monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(seconds=ticks[0]))
        cache.clear()
        with transaction.atomic():
            study = world(named, marks_gold=marks_gold)
            chance.begin(900_000)
            found = dict(everything(study, Rater(chance, ticks)))
            found["forbidden"] = json.dumps(forbidden(study)).encode()
            transaction.set_rollback(True)
        return found

    # What a process draws once only, when something is first used, is drawn before it counts.
    with monkeypatch.context() as short:
        short.setattr(f"{__name__}.addresses", lambda *_, **__: iter(()))
        tell(ONE)
    return tell


def world(named: tuple[Named, Named], *, marks_gold: bool) -> Study:
    over = made.prompt_set(N)
    runs = [run(over, each, said) for each, said in zip(named, SAID, strict=True)]
    study = made.study(runs=runs, k=3)
    guesses.name_arms(by=None, study=study, labels=["Plain", "Instructed"])
    if marks_gold:
        answer = ItemAnswer.objects.filter(item__study=study)[0]
        criterion = study.rubric.criteria.get(key="grounding")
        gold.mark(by=None, study=study, completion=answer.completion, criterion=criterion, value=5)
    return study


def forbidden(study: Study) -> list[str]:
    """What no rater may meet: how runs are called, and every id and digest of theirs."""
    words = []
    for arm in study.arms.select_related("run__model", "run__condition"):
        assert arm.run.condition is not None
        words += [arm.run.model.name, arm.run.model.served_name, arm.run.condition.name]
        words += [arm.run.condition.system_prompt, arm.run.pk, arm.run.model_id]
        words += [arm.run.condition.pk, arm.run.condition.system_prompt_digest]
    rows = Completion.objects.filter(run__arms__study=study).values_list("pk", "digest")
    words += [word for row in rows for word in row]
    return [word for word in words if len(word) > 3]


def everything(study: Study, client: Client) -> Iterator[tuple[str, bytes]]:
    """Every address, then a rater's whole way through the study, then every address again."""
    rater = person("rater", name="Ann")
    client.force_login(rater)
    place = f"/rate/{study.slug}/"
    yield "door", whole(client.get(place))
    yield "start", whole(client.post(f"{place}start/"))
    yield "first", whole(client.get(place))
    mine = Assignment.objects.get(study=study, rater=raters.of(rater), state="leased")
    yield from addresses(client, study, mine, "")
    yield from rated(client, study)
    yield from last(client, study)
    yield from addresses(
        client, study, mine, "after", only=("home", "annotation:", "api:s", "api:a")
    )


def rated(client: Client, study: Study) -> Iterator[tuple[str, bytes]]:
    """Every item: a draft, something missing, a lost lease, the answers, the answers again."""
    place, rest = f"/rate/{study.slug}/", f"/api/v1/studies/{study.pk}/next/"
    for number in range(N):
        yield f"{number} page", whole(client.get(place))
        yield f"{number} fragment", whole(client.get(place, headers={"HX-Request": "true"}))
        yield f"{number} next", whole(client.post(rest))
        mine = Assignment.objects.get(study=study, state="leased")
        here, api = f"{place}{mine.pk}/", f"/api/v1/assignments/{mine.pk}/"
        filled = {f"{r['slot']}.{r['criterion']}": r["value"] for r in made.ratings(study)}
        sent = {"token": mine.token, "idempotency_key": f"k{number}", "preference": "B", **filled}
        yield f"{number} draft", whole(client.post(f"{here}draft/", sent))
        yield f"{number} kept", whole(client.get(place))
        yield f"{number} rest", whole(client.get(api))
        yield f"{number} short", whole(client.post(f"{here}submit/", {"token": mine.token}))
        wrong = sent | {"token": "lost"}
        yield f"{number} lost", whole(client.post(f"{here}submit/", wrong, headers=JSON))
        yield f"{number} sent", whole(client.post(f"{here}submit/", sent, headers=JSON))
        yield f"{number} again", whole(client.post(f"{here}submit/", sent, headers=JSON))
        other = sent | {"preference": "A"}
        yield f"{number} other", whole(client.post(f"{here}submit/", other, headers=JSON))
        yield f"{number} skip", whole(client.post(f"{here}skip/", {"token": mine.token}))


def last(client: Client, study: Study) -> Iterator[tuple[str, bytes]]:
    """Nothing left, the last question, and the study closed."""
    place = f"/rate/{study.slug}/"
    yield "nothing", whole(client.get(place))
    yield "question", whole(client.get(f"{place}guess/"))
    mine = Assignment.objects.filter(study=study, state="submitted").order_by("pk")
    yield "half", whole(client.post(f"{place}guess/", {mine[0].pk: "1"}))
    yield "guess", whole(client.post(f"{place}guess/", {row.pk: "1" for row in mine}))
    studies.close(by=None, study=study, at=AT)
    yield "closed", whole(client.get(place))
    yield "closed next", whole(client.post(f"/api/v1/studies/{study.pk}/next/"))


def addresses(
    client: Client, study: Study, mine: Assignment, when: str, only: tuple[str, ...] = ("",)
) -> Iterator[tuple[str, bytes]]:
    """Every address of the site with ids of the study, of an assignment and of what is hidden."""
    hidden = Completion.objects.filter(run__arms__study=study).order_by("pk")[0]
    ids = (study.pk, mine.pk, hidden.pk, hidden.run_id)
    for route in routes():
        if route.name.startswith((*NOT_OURS, "readyz")) or not route.name.startswith(only):
            continue
        for number, pk in enumerate(ids if "pk" in arguments(route) else ids[:1]):
            path = filled_in(route, study, pk)
            if path is None:
                continue
            for method in ("get", "options") if "/api/" in path else ("get",):
                answer = whole(getattr(client, method)(path))
                # A page may say again what was asked for; that tells nobody anything.
                yield f"{when} {route.name} {number} {method}", answer.replace(pk.encode(), b"id")


def arguments(route: Route) -> list[str]:
    return [part.split(">")[0].split(":")[-1] for part in route.path.split("<")[1:]]


def filled_in(route: Route, study: Study, pk: str) -> str | None:
    known = {"slug": study.slug, "pk": pk}
    if not set(arguments(route)) <= set(known) or "(?P" in route.path:
        return None
    return reverse(route.name, kwargs={name: known[name] for name in arguments(route)})


def whole(response: HttpResponseBase) -> bytes:
    """Status, headers in their order, cookies and body."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]  # either kind
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = re.sub(r"expires=[^;]+;", "", response.cookies.output())
    cookies = re.sub(r"(messages=[^:;]*):[^;]+;", r"\1;", cookies)  # signed with the time
    return f"{response.status_code}\n{head}\n{cookies}\n\n".encode() + body


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """By name, with the first line that differs."""
    found = []
    for name in one.keys() - {"forbidden"}:
        lines = zip(one[name].splitlines(), other[name].splitlines(), strict=False)
        if one[name] != other[name]:
            found.append(
                f"{name}: {next((pair for pair in lines if pair[0] != pair[1]), '')}"[:300]
            )
    return sorted(found)


def test_nothing_that_a_rater_can_fetch_depends_on_what_the_runs_are_called(told) -> None:
    one, other = told(ONE), told(OTHER)
    assert one.keys() == other.keys()
    assert len(one) > 300
    assert differences(one, other) == []


def test_no_name_id_or_digest_of_a_run_and_no_telling_header_is_anywhere(told) -> None:
    found = told(ONE)
    words = [word.encode() for word in json.loads(found.pop("forbidden"))]
    assert len(words) > 20
    there = [(name, word) for name, body in found.items() for word in words if word in body]
    assert there == []
    heads = {name: body.split(b"\n\n")[0].lower() for name, body in found.items()}
    for word in (b"etag:", b"last-modified:", b"server-timing:", b"content-encoding:"):
        assert [name for name, head in heads.items() if word in head] == []


@pytest.mark.sqlite  # no database changes what a page shows
def test_known_values_change_nothing_that_a_rater_can_fetch(told) -> None:
    assert differences(told(ONE), told(ONE, marks_gold=True)) == []


@pytest.mark.sqlite  # no database changes what a page shows
def test_a_name_in_a_page_would_be_found(told, monkeypatch) -> None:
    """The proof proves something: a length that depends on a name shows."""

    def leaky(assignment: Assignment) -> dict[str, Any]:
        arms = assignment.study.arms.select_related("run__model")
        return {"id": assignment.pk, "size": sum(len(arm.run.model.name) for arm in arms)}

    monkeypatch.setattr("annotation.api.studies.shape", leaky)
    monkeypatch.setattr(f"{__name__}.addresses", lambda *_, **__: iter(()))
    assert any(each.startswith("0 next") for each in differences(told(ONE), told(OTHER)))
