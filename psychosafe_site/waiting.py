"""What is waiting for a person: a card per job, gathered from the apps that know."""

from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Job:
    """A card on the home page."""

    title: str
    text: str
    label: str
    url: str
    is_main: bool = False


def jobs_for(user: User) -> list[Job]:
    """The person's next jobs, the most pressing first."""
    return []
