"""Judges: made once, never changed."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.models import Rubric
from gate.text import accept, digest
from generation.models import LanguageModel
from judging.actions.refusals import NotPossible
from judging.models import Judge
from judging.prompting import AFTER

_PROMPTS = Path(settings.BASE_DIR) / "judging" / "prompts"
DEFAULT_PROMPT = _PROMPTS / "rubric_judge.txt"
SIDE_BY_SIDE_PROMPT = _PROMPTS / "side_by_side.txt"
PLACES = ("{rubric}", "{fence}", AFTER)
MOST_REPLICATES = 20


@transaction.atomic
def make_judge(
    *,
    by: User | None,
    name: str,
    model: LanguageModel,
    rubric: Rubric,
    prompt: str = "",
    temperature: float = 0.0,
    max_tokens: int = 1500,
    seed: int = 0,
    asks_one_by_one: bool = False,
    replicates: int = 1,
    takes_expected_value: bool = False,
    compares: bool = False,
) -> Judge:
    """A judge that scores answers, or `compares` two side by side.

    Its prompt must hold the places for the rubric and the fence, before and after.
    """
    shipped = SIDE_BY_SIDE_PROMPT if compares else DEFAULT_PROMPT
    prompt = accept(prompt, where=_("The judge's prompt")) or shipped.read_text("utf-8")
    if compares and (asks_one_by_one or takes_expected_value):
        raise NotPossible(
            _(
                "A judge that compares gives one choice for all criteria together: it has neither "
                "calls for each criterion nor an expected value."
            )
        )
    _check_prompt(prompt)
    _check_asking(name, model, replicates)
    return Judge.objects.create(
        kind=Judge.Kind.SIDE_BY_SIDE if compares else Judge.Kind.MODEL,
        name=accept(name, where=_("The judge's name"), limit=80),
        model=model,
        rubric=rubric,
        prompt=prompt,
        prompt_digest=digest(prompt),
        temperature=temperature,
        max_tokens=max_tokens,
        seed=seed,
        asks_one_by_one=asks_one_by_one,
        replicates=replicates,
        takes_expected_value=takes_expected_value,
        created_by=by,
    )


def _check_asking(name: str, model: LanguageModel, replicates: int) -> None:
    if not 1 <= replicates <= MOST_REPLICATES:
        raise NotPossible(
            _("A judge is asked 1 to %(most)s times, not %(replicates)s.")
            % {"most": MOST_REPLICATES, "replicates": replicates}
        )
    if model.endpoint_id is None:
        raise NotPossible(
            _("%(model)s has no endpoint, so it cannot be asked. Choose another model.")
            % {"model": model}
        )
    if Judge.objects.filter(name=name).exists():
        raise NotPossible(
            _("There is a judge called '%(name)s' already. A change is a new judge.")
            % {"name": name}
        )


def _check_prompt(prompt: str) -> None:
    for place in PLACES:
        if place not in prompt:
            raise NotPossible(
                _("The judge's prompt has no '%(place)s'. It needs one.") % {"place": place}
            )
