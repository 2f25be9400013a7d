"""Labels inside sentences."""

import pytest
from django.utils import translation

from corpus.models.pairs import Status
from gate.wording import within


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "in review"), ("da", None), ("it", None), ("de", None), (None, "in review")],
)
def test_a_label_is_written_small_unless_the_language_writes_nouns_large(
    language: str | None, said: str | None
) -> None:
    with translation.override(language):
        label = str(Status.IN_REVIEW.label)
        expected = said or (label if language == "de" else label[0].lower() + label[1:])
        assert within(label) == expected
        assert language != "de" or within(label)[0].isupper()
