"""A finished completion and a condition never change."""

from django.db import migrations

from gate.immutability import freeze


class Migration(migrations.Migration):
    dependencies = [("generation", "0001_initial")]
    operations = [
        freeze(
            "generation_completion",
            columns=[
                *("run_id", "prompt_id", "replicate", "text", "reasoning", "digest", "state"),
                "trajectory",
            ],
            when="OLD.state = 'done'",
            message="A finished completion is never changed.",
        ),
        freeze(
            "generation_condition",
            columns=[
                *("system_prompt", "system_prompt_digest", "temperature", "top_p", "max_tokens"),
                *("seed", "thinking"),
            ],
            message="A condition is never changed; make a new one.",
        ),
    ]
