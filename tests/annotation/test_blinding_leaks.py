"""A classifier that sees all but the text does not know which arm stands under A.

Sizes, compressed sizes, headers, ids, tokens, places, statements asked of the database (what time
depends on) of 960 items as their raters fetch them. The length of an answer is text: both arms draw
theirs from the same pool, so that only what the Studio adds is looked at.
"""

from __future__ import annotations

import random
import re
import zlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from unittest import mock

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from scipy import stats

from annotation import blinding
from annotation.actions import leases
from annotation.models import Assignment, Study
from gate.text import digest
from generation.models import Completion
from tests.annotation import leaks, made
from tests.people import person

pytestmark = pytest.mark.sqlite  # no database changes what a page shows
N_RATERS, N_ITEMS = 12, 80
WORDS = tuple("abcdefghijklmnop")


class Drawn:
    """Ids and tokens as random as the real ones, and the same in every run of the tests."""

    def __init__(self) -> None:
        self.rng = random.Random(23)  # a test's

    def token(self, size: int = 16) -> str:
        return urlsafe_b64encode(self.rng.randbytes(size)).rstrip(b"=").decode()

    def choice(self, among: Any) -> Any:
        return self.rng.choice(among)


@pytest.fixture(scope="module")
def seen(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Features and the arm under A, of every item that every rater fetched."""
    drawn = Drawn()
    with django_db_blocker.unblock():
        from django.db import transaction

        with (
            transaction.atomic(),
            mock.patch.multiple("secrets", token_urlsafe=drawn.token, choice=drawn.choice),
        ):
            found = _seen()
            transaction.set_rollback(True)
    return found


def _seen() -> tuple[Any, Any, list[tuple[str, str, str, int]]]:
    rng = random.Random(11)  # texts, no secret
    over = made.prompt_set(N_ITEMS)
    runs = [made.run(over, name, "{n}") for name in ("tern", "heron")]
    study = _with_texts(made.study, runs, rng)
    rows, truth, orders = [], [], []
    for number in range(N_RATERS):
        user = person("rater", name=f"Rater {number:02}")
        client = Client()
        client.force_login(user)
        client.post(f"/rate/{study.slug}/start/")
        for place in range(N_ITEMS):
            features, assignment = _fetched(client, study, place)
            rows.append(features)
            truth.append(assignment.shown.startswith("0"))
            orders.append((assignment.shown, assignment.rater_id, assignment.item_id, study.seed))
            leases.release(
                pk=assignment.pk,
                token=assignment.token,
                to=Assignment.State.SKIPPED,
                finished_at=made.AT + timedelta(minutes=place),
            )
    return np.array(rows, dtype=float), np.array(truth), orders


def _with_texts(study: Any, runs: list[Any], rng: random.Random) -> Study:
    """Both arms' texts from one pool: their lengths say nothing."""
    for run in runs:
        Completion.objects.filter(run=run).delete()
        prompts = run.prompt_set.entries.values_list("prompt_id", flat=True).order_by("position")
        texts = [" ".join(rng.choices(WORDS, k=rng.randint(5, 60))) for _ in prompts]
        Completion.objects.bulk_create(
            Completion(
                run=run,
                prompt_id=prompt,
                state="done",
                text=text,
                digest=digest(text),
                finish_reason="stop",
                completed_at=made.AT,
            )
            for prompt, text in zip(prompts, texts, strict=True)
        )
    made_study: Study = study(runs=runs, k=N_RATERS, seed=5)
    return made_study


def _fetched(client: Client, study: Study, place: int) -> tuple[list[float], Assignment]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(f"/rate/{study.slug}/")
    mine = Assignment.objects.get(study=study, state="leased", rater__user=_user(client))
    rest = client.get(f"/api/v1/assignments/{mine.pk}/")
    key = re.findall(rb'name="idempotency_key" value="([^"]+)"', page.content)[0].decode()
    parts = re.findall(rb'<article class="answer".*?</article>', page.content, re.DOTALL)
    features = [
        *(len(page.content), len(zlib.compress(page.content)), len(page.headers), len(asked)),
        *(len(rest.content), len(zlib.compress(rest.content)), int(rest.headers["Content-Length"])),
        *(page.content.index(parts[0]), len(parts[0]), len(parts[1]), place),
        *(float(ord(char)) for word in (mine.pk, mine.token, key) for char in word[:8]),
        *(sum(map(ord, str(value))) for value in page.headers.values()),
    ]
    return features, mine


def _user(client: Client) -> str:
    return str(client.session["_auth_user_id"])


def test_nothing_but_the_text_tells_the_arms_apart(seen: Any) -> None:
    features, truth, _ = seen
    # 960 cases: chance alone spreads by 0.019. Means over ways to cut them hold it to its middle.
    found = float(np.mean([leaks.told(features, truth, seed=seed) for seed in range(10)]))
    assert 0.45 <= found <= 0.55, found


def test_a_size_that_depends_on_the_arm_would_be_found(seen: Any) -> None:
    features, truth, _ = seen
    planted = features.copy()
    planted[:, 0] += 24 * truth  # a few bytes in a page of many thousands
    assert leaks.told(planted, truth) > 0.9


def test_an_id_that_depends_on_the_arm_would_be_found(seen: Any) -> None:
    features, truth, _ = seen
    planted = features.copy()
    planted[truth, 11] = 65
    assert leaks.told(planted, truth) > 0.7


def test_each_arm_stands_first_equally_often_and_the_seed_says_when(seen: Any) -> None:
    _, truth, orders = seen
    assert stats.binomtest(int(truth.sum()), len(truth)).pvalue > 0.01
    for shown, rater, item, seed in orders:
        assert shown == blinding.stored(blinding.shown_order(seed, rater, item, 2))


def test_the_classifier_is_at_chance_on_chance() -> None:
    rng = np.random.default_rng(3)
    features, truth = rng.normal(size=(2_000, 10)), rng.random(2_000) < 0.5
    assert 0.45 <= leaks.told(features, truth) <= 0.55
    assert leaks.auc(np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 3.0, 4.0])) == 1.0
    assert leaks.auc(np.array([0, 1]), np.array([1.0, 1.0])) == 0.5
