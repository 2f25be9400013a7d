"""Conditions: how a model is asked. Never changed; a change is a new condition."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from gate.text import accept, digest
from generation.actions.refusals import Refusal, name_taken_unless_unique, named
from generation.messages import Sampling
from generation.models import Condition

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
SHIPPED = {"baseline": "baseline.txt", "informed": "informed.txt"}
MAX_SEED = 2**31 - 1


@transaction.atomic
def make_condition(
    *,
    by: User | None,
    name: str,
    system_prompt: str = "",
    sampling: Sampling | None = None,
    thinking: bool | None = None,
) -> Condition:
    """A system prompt with a way to sample. A field left out of `sampling` gets the default."""
    name = named(name, _("A condition needs a name."), limit=80)
    system_prompt = accept(system_prompt.strip(), where=_("The system prompt"))
    condition = Condition(
        name=name,
        system_prompt=system_prompt,
        system_prompt_digest=digest(system_prompt),
        thinking=thinking,
        created_by=by,
        **_checked(sampling or Sampling()),
    )
    taken = _("A condition named '%(name)s' is there already. Choose another name.") % {
        "name": name
    }
    with name_taken_unless_unique(taken):
        condition.save(force_insert=True)
    record(by=by, verb="condition made", target=condition.pk, note=name)
    return condition


@transaction.atomic
def install_conditions() -> list[Condition]:
    """The two conditions of the shipped prompts. What is there already is left alone."""
    found = []
    for name, file in SHIPPED.items():
        condition = Condition.objects.filter(name=name).first()
        if condition is None:
            text = (PROMPTS / file).read_text("utf-8")
            condition = make_condition(by=None, name=name, system_prompt=text)
        found.append(condition)
    return found


def _checked(sampling: Sampling) -> dict[str, float | int]:
    values = {
        "temperature": 0.0 if sampling.temperature is None else sampling.temperature,
        "top_p": 1.0 if sampling.top_p is None else sampling.top_p,
        "max_tokens": 1024 if sampling.max_tokens is None else sampling.max_tokens,
        "seed": 0 if sampling.seed is None else sampling.seed,
    }
    if not 0 <= values["temperature"] <= 2:
        raise Refusal(_("The temperature lies between 0 and 2."))
    if not 0 < values["top_p"] <= 1:
        raise Refusal(_("Top-p lies above 0 and at most at 1."))
    if not 1 <= values["max_tokens"] <= 131072:
        raise Refusal(_("The longest answer has 1 to 131,072 tokens."))
    if not 0 <= values["seed"] <= MAX_SEED:
        raise Refusal(_("The seed lies between 0 and %(most)s.") % {"most": f"{MAX_SEED:,}"})
    return values
