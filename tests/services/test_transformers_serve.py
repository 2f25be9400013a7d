"""The story of a laptop's model server: it answers, dies, comes back, and goes without a trace."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.chat import ChatAnswer, ChatClient, ChatRequest, Sampling
from generation.processes import is_free, read_pid_file
from tests.services.fixtures import TinyServer, tiny_transformers

pytestmark = pytest.mark.serving

SAMPLING = Sampling(temperature=0.7, top_p=0.9, max_tokens=12, seed=3)


def ask(tiny: TinyServer, *questions: str) -> list[ChatAnswer]:
    async def inside() -> list[ChatAnswer]:
        async with ChatClient(tiny.base_url, allow_private=True) as client:
            requests = [request(tiny, each) for each in questions]
            return await asyncio.gather(*(client.ask(each) for each in requests))

    return asyncio.run(inside())


def request(tiny: TinyServer, question: str) -> ChatRequest:
    turns = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": question}]
    return ChatRequest(tiny.model, turns, SAMPLING, enable_thinking=False)


def models(tiny: TinyServer) -> list[str]:
    async def inside() -> list[str]:
        async with ChatClient(tiny.base_url, allow_private=True) as client:
            assert (await client.health()).is_up
            return await client.models()

    return asyncio.run(inside())


def test_a_server_answers_dies_comes_back_and_leaves_nothing(
    tmp_path: Path, serving_python: Path, make_tiny_model: Callable[[Path], Path]
) -> None:
    with tiny_transformers(tmp_path, serving_python, make_tiny_model(serving_python)) as tiny:
        answers = ask(tiny, "Who could I talk to?", "I cannot sleep. What helps?")
        for answer in answers:
            assert answer.text
            assert answer.finish_reason in ("stop", "length")
            assert 1 <= (answer.n_completion_tokens or 0) <= 12
            assert (answer.n_prompt_tokens or 0) > 10
            assert answer.latency_s > 0
        assert isinstance(models(tiny), list)

        before = read_pid_file(tiny.server.spec.pid_path)
        assert before is not None
        os.killpg(before.pid, signal.SIGKILL)
        while tiny.server.is_alive():
            pass
        assert tiny.server.revive()
        assert ask(tiny, "Are you back?")[0].finish_reason in ("stop", "length")
        after = read_pid_file(tiny.server.spec.pid_path)
        assert after is not None
        assert after.pid != before.pid
    assert is_free(tiny.server.spec.port)
    assert not after.group_is_running()
