"""Words of the interface inside sentences of the interface."""

from django.utils.translation import get_language

# Languages that write nouns large wherever they stand.
LARGE_NOUNS = ("de",)


def within(label: str) -> str:
    """A label, such as "In review", as it stands in the middle of a sentence."""
    if (get_language() or "").startswith(LARGE_NOUNS):
        return label
    return label[:1].lower() + label[1:]
