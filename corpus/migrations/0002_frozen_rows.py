"""Prompts and decided versions never change."""

from django.db import migrations

from gate.immutability import freeze


class Migration(migrations.Migration):
    dependencies = [("corpus", "0001_initial")]
    operations = [
        freeze("corpus_prompt", message="A prompt is never changed."),
        freeze(
            "corpus_version",
            columns=[
                "pair_id",
                "number",
                "author_id",
                "messages",
                "language",
                "country",
                "domain_id",
                "category",
                "strategy_id",
                "expected_action",
                "response",
                "status",
                "digest",
                "prompt_id",
                "decided_by_id",
                "decided_at",
                "decision_reason",
            ],
            when="OLD.status IN ('approved', 'rejected', 'changes_requested')",
            message="A decided version is never changed; write a new version.",
        ),
        freeze("corpus_comment", message="A comment is never changed."),
    ]
