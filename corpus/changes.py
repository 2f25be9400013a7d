"""What changed between two versions: the conversation, the response, where the pair belongs."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from corpus import differences, places
from corpus.differences import Runs
from corpus.models import Version


@dataclass(frozen=True)
class Change:
    """One of the three, where it changed: what stood there and what stands there now."""

    title: str
    before: str
    after: str

    @property
    def sides(self) -> tuple[Runs, Runs]:
        return differences.sides(self.before, self.after)


def between(before: Version, after: Version) -> list[Change]:
    """To be shown side by side."""
    found = [
        Change(_("Conversation"), _spoken(before), _spoken(after)),
        Change(_("Response"), before.response, after.response),
        Change(_("Where it belongs"), _placed(before), _placed(after)),
    ]
    return [change for change in found if change.before != change.after]


def _spoken(version: Version) -> str:
    return "\n\n".join(str(turn.get("content", "")) for turn in version.messages)


def _placed(version: Version) -> str:
    """Everything but the texts, a line each."""
    lines = [
        version.get_expected_action_display(),
        str(version.domain or ""),
        version.category,
        str(version.strategy or ""),
        places.LANGUAGES.get(version.language, version.language),
        places.COUNTRIES.get(version.country, version.country),
    ]
    return "\n".join(line for line in lines if line)
