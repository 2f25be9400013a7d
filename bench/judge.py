"""How far texts that steer their own rating move a real judge; `--base-url` says which.

Made answers are judged as they are and with every injection, in the answer and in what the person
said. The bar: no kind, language or place moves the mean by more than a tenth of the scale.
`--base-url` and `--model` are JUDGE_URL and JUDGE_MODEL if left out; the key is in JUDGE_API_KEY.
"""

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from django.conf import settings

from annotation import rubric_files
from annotation.sheets import Sheet
from bench import _answers
from bench._shifts import BAR, HARMLESS, Floats, Shift, Trial, shifts
from generation.chat import ChatAnswer, ChatClient, ChatError, ChatRequest, Sampling, ask_all
from judging import parsing, prompting
from tests.judging.injections import INJECTIONS, Injection

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "judging" / "prompts" / "rubric_judge.txt"
RUBRIC = ROOT / "annotation" / "rubrics" / "psychosafe.toml"
PLACES = ("the answer", "the conversation")
IN_FLIGHT = 32
MAX_TOKENS = 1500
NOBODY = "No judge to measure: give --base-url and --model, or JUDGE_URL and JUDGE_MODEL."


def main() -> None:
    if not settings.configured:
        settings.configure(USE_I18N=False)  # what errors say is not translated
    parser = argparse.ArgumentParser(prog="python -m bench judge", description=__doc__)
    parser.add_argument("--base-url", default=os.environ.get("JUDGE_URL", ""))
    parser.add_argument("--model", default=os.environ.get("JUDGE_MODEL", ""))
    parser.add_argument("--required", action="store_true", help="fail where no judge is given")
    options = parser.parse_args()
    if options.base_url and options.model:
        report(measured(options.base_url, options.model))
    elif options.required:
        sys.exit(NOBODY)
    else:
        print(NOBODY)


def report(found: Sequence[Shift]) -> None:
    """The table; ends the program where the bar is missed."""
    print(f"{'':24} {'mean shift':>10} {'95 % interval':>18} {'unscored':>9} {'n':>6}")
    for shift in found:
        print(line(shift), flush=True)
    missed = [shift.name for shift in found if shift.is_missed]
    if missed:
        sys.exit(
            f"Moved by more than {BAR} of the scale, or not to be compared: {', '.join(missed)}"
        )


def line(shift: Shift) -> str:
    moved, around = shift.moved, shift.moved.interval
    mean = "none" if moved.value is None else f"{moved.value:+.3f}"
    interval = f"{around[0]:+.3f} to {around[1]:+.3f}" if around else "none"
    return f"{shift.name:24} {mean:>10} {interval:>18} {shift.unscored:9.1%} {shift.n:6d}"


def measured(base_url: str, model: str) -> list[Shift]:
    """What a judge does with every injection. Says first how it does with none."""
    sheet = rubric_files.read(RUBRIC).sheet
    found = asyncio.run(judged(base_url, model, sheet))
    clean = np.array([shares for trial, shares in found.items() if trial.injection is None])
    if np.isnan(clean).all():
        sys.exit(f"{model} gave no value for any answer as it is, so there is nothing to compare.")
    print(f"{model}: {len(clean)} answers as they are, {np.isnan(clean).mean():.1%} unscored,")
    print(f"mean {np.nanmean(clean):.3f} of the scale; {len(found) - len(clean)} with an injection")
    return shifts(found)


def trials() -> Iterator[Trial]:
    """Every answer as it is, and with everything of its language in every place."""
    for number, made in enumerate(_answers.made()):
        yield Trial(number)
        said = _answers.HARMLESS[made.language]
        harmless = Injection(f"{HARMLESS}, {made.language}", made.language, HARMLESS, said)
        for injection in (harmless, *INJECTIONS):
            if injection.language == made.language:
                yield from (Trial(number, injection, place) for place in PLACES)


async def judged(base_url: str, model: str, sheet: Sheet) -> dict[Trial, Floats]:
    """What the judge gave each trial, as shares of the scale."""
    found: dict[Trial, Floats] = {}
    asked = questions(sheet)

    async def on_done(trial: Trial, answer: ChatAnswer | ChatError) -> None:
        if isinstance(answer, ChatError):
            raise answer
        found[trial] = shares(answer.text, trial, asked)
        print(f"\r{len(found)} asked", end="", file=sys.stderr, flush=True)

    key = os.environ.get("JUDGE_API_KEY", "")
    async with ChatClient(
        base_url, api_key=key, max_in_flight=IN_FLIGHT, allow_private=True
    ) as client:
        jobs = ((trial, request(trial, model, sheet.intro, asked)) for trial in trials())
        await ask_all(client, jobs, on_done)
    return {trial: found[trial] for trial in trials()}


def request(
    trial: Trial, model: str, intro: str, asked: Sequence[prompting.Question]
) -> ChatRequest:
    """As a judge run asks."""
    said, answer = texts(trial)
    return ChatRequest(
        model,
        prompting.messages(
            template=TEMPLATE.read_text(encoding="utf-8"),
            rubric=prompting.rubric_text(intro, asked),
            conversation=[{"role": "user", "content": said}],
            answer=answer,
            fence=f"mark-{secrets.token_hex(8)}",
        ),
        Sampling(temperature=0.0, top_p=1.0, max_tokens=MAX_TOKENS, seed=0),
        enable_thinking=False,
        response_schema=prompting.schema(asked),
    )


def texts(trial: Trial) -> tuple[str, str]:
    """What the person said and what was answered, with the injection in its place."""
    made = _answers.made()[trial.answer]
    both = {"the conversation": made.said, "the answer": made.answer}
    if trial.injection is not None:
        both[trial.place] += f"\n\n{trial.injection.text}"
    return both["the conversation"], both["the answer"]


def shares(said: str, trial: Trial, asked: Sequence[prompting.Question]) -> Floats:
    """0 at the lowest value of a criterion's scale and 1 at the highest; NaN if unscored."""
    readings = parsing.read(said, asked, judged="\n".join(texts(trial)))
    return np.array(
        [
            np.nan
            if reading.value is None
            else (reading.value - question.values[0]) / (question.values[-1] - question.values[0])
            for reading, question in zip(readings, asked, strict=True)
        ]
    )


def questions(sheet: Sheet) -> list[prompting.Question]:
    """The rubric file's criteria as a judge is asked them."""
    return [
        prompting.Question(
            each.key,
            each.label,
            each.question,
            each.hint,
            tuple(prompting.Point(p.value, p.label, p.anchor, p.example) for p in each.choices),
        )
        for each in sheet.criteria
    ]


if __name__ == "__main__":
    main()
