"""A prompt set and a judge of PsychoSafe Studio as a task of Inspect.

    inspect eval task.py --model openai-api/here/NAME --model-role grader=openai-api/here/JUDGE

with HERE_BASE_URL and HERE_API_KEY in the environment. The prompts, the rubric, the judge's prompt
and its settings lie beside this file; the folder `studio` holds the Studio's own modules that word
the question to the judge and read its answer, unchanged.
"""

import json
import math
import secrets
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "studio"))

from inspect_ai import Task, task  # noqa: E402
from inspect_ai.dataset import MemoryDataset, Sample  # noqa: E402
from inspect_ai.model import (  # noqa: E402
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    get_model,
)
from inspect_ai.scorer import Metric, SampleScore, Score, Target, metric, scorer  # noqa: E402
from inspect_ai.solver import Generate, TaskState, generate, solver  # noqa: E402

from annotation.sheets import When  # noqa: E402
from judging import parsing, prompting  # noqa: E402

ROLES = {
    "user": ChatMessageUser,
    "assistant": ChatMessageAssistant,
    "system": ChatMessageSystem,
}
MAX_SEED = 2**31 - 1


def document(name: str) -> dict[str, Any]:
    path = HERE / name
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def samples() -> list[Sample]:
    lines = (HERE / "prompts.jsonl").read_text("utf-8").splitlines()
    return [sample(json.loads(line)) for line in lines if line]


def sample(row: dict[str, Any]) -> Sample:
    turns = [ROLES[turn["role"]](content=turn["content"]) for turn in row["messages"]]
    return Sample(id=row["id"], input=turns, target="", metadata=row["metadata"])


@solver
def asked_as() -> Any:
    """Says the condition's system prompt before everything else."""
    said = document("condition.json").get("system_prompt", "")

    async def solve(state: TaskState, _generate: Generate) -> TaskState:
        if said:
            state.messages.insert(0, ChatMessageSystem(content=said))
        return state

    return solve


def question(row: dict[str, Any]) -> prompting.Question:
    when = row["ask_when"]
    return prompting.Question(
        **{
            **row,
            "points": tuple(prompting.Point(**point) for point in row["points"]),
            "ask_when": When(when["criterion"], tuple(when["values"])) if when else None,
            "names": tuple(tuple(name) for name in row["names"]),
        }
    )


class Judge:
    """The judge, as it was when it was exported."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.questions = [question(row) for row in told["questions"]]
        self.template = (HERE / "judge_prompt.txt").read_text("utf-8")

    @property
    def sheets(self) -> list[list[prompting.Question]]:
        """What is asked at once."""
        if self.told["asks_one_by_one"]:
            return [[each] for each in self.questions]
        return [self.questions]

    async def read(self, state: TaskState, turns: list[dict[str, str]]) -> list[parsing.Reading]:
        found = []
        for sheet in self.sheets:
            found += await self._ask(sheet, state, turns)
        return found

    async def _ask(
        self, sheet: list[prompting.Question], state: TaskState, turns: list[dict[str, str]]
    ) -> list[parsing.Reading]:
        """Asked again, a few times at most, where the answer cannot be read."""
        answer = state.output.completion
        judged = "\n".join([*(turn["content"] for turn in turns), answer])
        readings: list[parsing.Reading] = []
        for n_asks in range(self.told["max_asks"]):
            messages = prompting.messages(
                template=self.template,
                rubric=prompting.rubric_text(self.told["intro"], sheet),
                conversation=turns,
                answer=answer,
                fence=fence(judged),
            )
            said = await get_model(role="grader").generate(
                [ROLES[each["role"]](content=each["content"]) for each in messages],
                config=self._config(sheet, state.epoch, n_asks),
            )
            readings = parsing.read(said.completion, sheet, judged=judged)
            if parsing.is_settled(readings):
                break
        return readings

    def _config(
        self, sheet: list[prompting.Question], replicate: int, n_asks: int
    ) -> GenerateConfig:
        turn = (replicate - 1) * self.told["max_asks"] + n_asks
        named = {"name": "answer", "strict": True, "schema": prompting.schema(sheet)}
        return GenerateConfig(
            temperature=self.told["temperature"],
            top_p=1.0,
            max_tokens=self.told["max_tokens"],
            seed=(self.told["seed"] + turn) % (MAX_SEED + 1),
            extra_body={
                "response_format": {"type": "json_schema", "json_schema": named},
                "chat_template_kwargs": {"enable_thinking": False},
            },
        )


def fence(said: str) -> str:
    """A mark that occurs nowhere in what is judged."""
    while (mark := f"mark-{secrets.token_hex(8)}") in said:
        pass
    return mark


@metric
def mean_of_scored() -> Metric:
    """Over the answers that have a value; Inspect itself counts those that were left unscored."""

    def over(found: list[SampleScore]) -> float:
        values = [each.score.as_float() for each in found]
        scored = [value for value in values if not math.isnan(value)]
        return sum(scored) / len(scored) if scored else math.nan

    return over


def values(questions: list[prompting.Question], given: dict[str, int | None]) -> dict[str, float]:
    """A number for each criterion that is one; of classes, whether each was given."""
    found: dict[str, float] = {}
    for each in questions:
        value = given.get(each.key)
        if each.kind in ("yes_no", "scale"):
            found[each.key] = math.nan if value is None else float(value)
        if each.kind == "choice":
            for point in each.points:
                same = math.nan if value is None else float(value == point.value)
                found[f"{each.key} {point.value}"] = same
    return found


@scorer(metrics={"*": [mean_of_scored()]})
def judge() -> Any:
    """A value for each criterion; unscored is NaN, with the reason in the metadata."""
    reads = Judge(document("judge.json"))

    async def score(state: TaskState, target: Target) -> Score:
        turns = [
            {"role": str(turn.role), "content": turn.text}
            for turn in state.messages[:-1]
            if turn.role != "system"
        ]
        readings = await reads.read(state, turns)
        given = {each.key: each.value for each in readings}
        return Score(
            value=values(reads.questions, given),
            answer=state.output.completion,
            metadata={
                each.key: {
                    "value": each.value,
                    "picked": list(each.picked) if each.picked is not None else None,
                    "words": each.words,
                    "evidence": each.evidence,
                    "reasoning": each.reasoning,
                    "unscored_reason": each.unscored_reason,
                }
                for each in readings
            },
        )

    return score


@task
def studio_prompts() -> Task:
    """Every prompt of the set, answered, and scored where a judge was exported with it."""
    sampling = document("condition.json").get("sampling", {})
    return Task(
        dataset=MemoryDataset(samples(), name=document("about.json")["prompt_set"]["slug"]),
        solver=[asked_as(), generate()],
        scorer=judge() if document("judge.json") else None,
        config=GenerateConfig(**sampling),
    )
