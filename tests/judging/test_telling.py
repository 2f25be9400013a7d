"""What the statistics say is told in the language of who reads the page or the record."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import get_language, override

from accounts.models import User
from agreement.wording import _, joined, ngettext
from annotation import telling
from tests.judging.test_pages import rated

SignIn = Callable[[User], Client]

# Not the catalog's, so that the test does not depend on its words.
GERMAN = {
    "Raters agree on {about}.": "Einig sind sie bei: {about}.",
    "{names} and {last}": "{names} und {last}",
    "{n} item rated at least twice": "{n} Element mehrfach beurteilt",
    "{n} items rated at least twice": "{n} Elemente mehrfach beurteilt",
    "95 % interval {low} to {high}": "95-%-Intervall {low} bis {high}",
    "{value} from {low} to {high}": "{value} von {low} bis {high}",
    "nominal levels are names, and an intraclass correlation needs numbers": "Namen statt Zahlen",
}

SAID_ON_THE_PAGE = (
    " Elemente mehrfach beurteilt",
    "95-%-Intervall ",
    "Namen statt Zahlen",
    "1.00 von 1.00",
)


def gettext(sentence: str) -> str:
    return GERMAN.get(sentence, sentence) if get_language() == "de" else sentence


@pytest.fixture(autouse=True)
def translator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(telling, "gettext", gettext)
    monkeypatch.setattr(telling, "ngettext", lambda one, many, n: gettext(one if n == 1 else many))
    with override("en"):  # a request leaves its language behind
        yield


def test_the_active_language_decides() -> None:
    said = joined(
        _("Raters agree on {about}.", about="tone"),
        ngettext("{n} item rated at least twice", "{n} items rated at least twice", 3),
    )
    assert (
        telling.told([said])
        == [str(said)]
        == ["Raters agree on tone. 3 items rated at least twice"]
    )
    with override("de"):
        assert telling.told([said]) == ["Einig sind sie bei: tone. 3 Elemente mehrfach beurteilt"]
        assert telling.told(None) is None


@pytest.mark.django_db(transaction=True)
def test_the_study_page_is_in_the_readers_language(signed_in: SignIn, researcher: User) -> None:
    client, study = signed_in(researcher), rated()
    english = client.get(study.get_absolute_url()).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    german = client.get(study.get_absolute_url()).content.decode()
    assert "<h1>Raters agree on " in english and "<h1>Einig sind sie bei: " in german
    for said in SAID_ON_THE_PAGE:
        assert said in german
        assert said not in english


@pytest.mark.django_db(transaction=True)
def test_rest_answers_in_the_language_that_is_asked_for(
    signed_in: SignIn, researcher: User
) -> None:
    client, study = signed_in(researcher), rated()
    address = f"/api/v1/studies/{study.pk}/agreement/"
    english = client.get(address).json()
    german = client.get(address, headers={"accept-language": "de"}).json()
    assert english["headline"].startswith("Raters agree on ")
    assert german["headline"].startswith("Einig sind sie bei: ")
    assert "Elemente mehrfach beurteilt" in german["criteria"][0]["reading"]
    reasons = [line["undefined"].get("icc2_1") for line in german["criteria"]]
    assert "Namen statt Zahlen" in reasons
    assert [line["alpha"] for line in german["criteria"]] == [
        line["alpha"] for line in english["criteria"]
    ]
