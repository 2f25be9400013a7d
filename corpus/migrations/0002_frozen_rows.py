"""Prompts, decided versions, signatures and what was said of them never change."""

from django.db import migrations

from corpus import search
from gate.immutability import freeze

DECIDED = "OLD.status IN ('approved', 'rejected', 'changes_requested')"
SAID = [
    *("pair_id", "number", "author_id", "last_editor_id", "messages", "language", "country"),
    *("domain_id", "category", "strategy_id", "expected_action", "response", "status", "digest"),
    *("prompt_id", "decided_by_id", "decided_at", "decision_reason"),
]


class Migration(migrations.Migration):
    dependencies = [("corpus", "0001_initial")]
    operations = [
        freeze("corpus_prompt", message="A prompt is never changed."),
        freeze(
            "corpus_version",
            columns=SAID,
            when=DECIDED,
            message="A decided version is never changed; write a new version.",
        ),
        freeze("corpus_comment", message="A comment is never changed."),
        freeze("corpus_commentevent", message="What was said is never changed."),
        freeze("corpus_approval", message="A signature is never changed."),
        search.index(),
    ]
