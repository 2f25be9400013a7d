"""Which prompts of a study are held out while judges are made. Pure.

It depends on the prompt, the seed and the share alone, so all judges of a study meet the same
split, and all answers to a prompt lie on one side of it.
"""

from gate.text import digest

# Of a study's prompts, where nobody has said otherwise.
HELD_PERCENT = 50


def is_held_out(prompt: str, *, seed: int, percent: int = HELD_PERCENT) -> bool:
    """Whether the prompt's labels stay hidden until a judge is frozen."""
    return int(digest("held out", seed, prompt)[:8], 16) % 100 < percent
