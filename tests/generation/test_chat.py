"""The client against the stub: what an answer holds, and what each way of failing becomes."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from generation.chat import (
    STUCK_IN_REASONING,
    ChatAnswer,
    ChatClient,
    ChatError,
    ChatRequest,
    Nonsense,
    Overloaded,
    Refused,
    Sampling,
    ServerError,
    Unreachable,
)
from tests import stub_server as stub
from tests.stub_server import StubServer

SAMPLING = Sampling(temperature=0.7, top_p=0.9, max_tokens=64, seed=5)


def request(text: str = "How do I sleep again?", **options: Any) -> ChatRequest:
    turns = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": text}]
    return ChatRequest("stub-model", turns, SAMPLING, **options)


def use(server: StubServer, call: Callable[[ChatClient], Awaitable[Any]], **options: Any) -> Any:
    async def inside() -> Any:
        async with ChatClient(server.base_url, allow_private=True, **options) as client:
            return await call(client)

    return asyncio.run(inside())


def ask(server: StubServer, asked: ChatRequest | None = None, **options: Any) -> ChatAnswer:
    answer = use(server, lambda client: client.ask(asked or request()), **options)
    assert isinstance(answer, ChatAnswer)
    return answer


def test_an_answer_holds_text_tokens_and_what_made_it(stub_server: StubServer) -> None:
    stub_server.version = "0.32.0"
    stub_server.script(stub.says("I hear you."))
    answer = ask(stub_server)
    assert (answer.text, answer.reasoning, answer.finish_reason) == ("I hear you.", "", "stop")
    assert (answer.n_prompt_tokens, answer.n_completion_tokens) == (7, 3)
    assert (answer.n_cached_tokens, answer.engine) == (0, "vllm 0.32.0")
    assert (answer.model, answer.system_fingerprint) == ("stub-model", "fp_stub")
    assert answer.latency_s > 0


def test_every_sampling_field_is_sent(stub_server: StubServer) -> None:
    schema = {"type": "object", "properties": {"value": {"enum": [1, 2, 3]}}}
    extra = {"top_logprobs": 3, "model": "other", "chat_template_kwargs": {"tone": "calm"}}
    ask(stub_server, request(enable_thinking=False, response_schema=schema, extra=extra))
    [body] = stub_server.requests
    assert (body["model"], body["seed"], body["top_p"]) == ("stub-model", 5, 0.9)
    assert (body["temperature"], body["max_tokens"], body["stream"]) == (0.7, 64, False)
    assert body["chat_template_kwargs"] == {"tone": "calm", "enable_thinking": False}
    assert body["response_format"]["json_schema"]["schema"] == schema
    assert body["top_logprobs"] == 3
    assert "top_k" not in body


def test_the_key_is_sent_as_a_bearer(stub_server: StubServer) -> None:
    ask(stub_server, api_key="secret")
    assert stub_server.headers[0]["Authorization"] == "Bearer secret"


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_reasoning_of_the_server_is_kept_apart(stub_server: StubServer, name: str) -> None:
    stub_server.script(stub.reasons("Answer.", "Thought.", name=name))
    answer = ask(stub_server)
    assert (answer.text, answer.reasoning) == ("Answer.", "Thought.")


def test_a_server_that_only_reasoned_is_flagged(stub_server: StubServer) -> None:
    unfinished = stub.says("<think>and then", finish_reason="length")
    stub_server.script(unfinished)
    answer = ask(stub_server)
    assert (answer.text, answer.reasoning) == ("", "and then")
    assert answer.finish_reason == STUCK_IN_REASONING
    assert answer.is_truncated


def test_characters_that_no_database_stores_are_written_out(stub_server: StubServer) -> None:
    stub_server.script(stub.reasons("a\x00b", "c\ud800d"))
    answer = ask(stub_server)
    assert (answer.text, answer.reasoning) == ("a\\u0000b", "c\\ud800d")


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (stub.too_many(retry_after=7), Overloaded, "429: Too many requests."),
        (stub.fails(503), Overloaded, "503"),
        (stub.fails(500), ServerError, "500: The engine stumbled."),
        (stub.fails(502), ServerError, "502"),
        (stub.fails(400, "The context is too long."), Refused, "The context is too long."),
        (stub.fails(404), Refused, "404"),
        (stub.redirects("http://127.0.0.1:9/"), Refused, "redirect"),
        (stub.broken_json(), Nonsense, "not JSON"),
        (stub.returns([1]), Nonsense, "not a JSON object"),
        (stub.returns({"choices": []}), Nonsense, "no 'choices'"),
        (stub.returns({"choices": [{}]}), Nonsense, "no 'message'"),
        (stub.returns({"choices": [{"message": {"content": 3}}]}), Nonsense, "no text"),
        (stub.huge(70_000), Nonsense, "larger than 65,536 bytes"),
        (stub.drops(), Unreachable, "cannot be reached"),
        (stub.slow(5), Unreachable, "within"),
    ],
)
def test_each_failure_has_its_kind(
    stub_server: StubServer, behaviour: stub.Behaviour, kind: type[ChatError], words: str
) -> None:
    stub_server.script(behaviour)
    with pytest.raises(kind, match=words):
        ask(stub_server, max_body=65_536, total_s=0.3)
    assert len(stub_server.requests) == 1


def test_the_wait_that_a_server_asks_for_is_read(stub_server: StubServer) -> None:
    stub_server.script(stub.too_many(retry_after=7))
    with pytest.raises(Overloaded) as caught:
        ask(stub_server)
    assert caught.value.retry_after == 7
    assert caught.value.is_retryable


def test_a_closed_port_is_unreachable(stub_server: StubServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        stub_server.port, kept = free.getsockname()[1], stub_server.port
        with pytest.raises(Unreachable, match="cannot be reached"):
            ask(stub_server)
    stub_server.port = kept


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused_when_connecting(stub_server: StubServer, host: str) -> None:
    async def inside() -> None:
        async with ChatClient(f"http://{host}:{stub_server.port}/v1") as client:
            await client.ask(request())

    with pytest.raises(Refused, match=r"not allowed here|not an address"):
        asyncio.run(inside())
    assert stub_server.requests == []


def test_models_are_listed(stub_server: StubServer) -> None:
    assert use(stub_server, lambda client: client.models()) == ["stub-model", "stub-judge"]


def test_health_says_whether_the_server_answers(stub_server: StubServer) -> None:
    healthy = use(stub_server, lambda client: client.health())
    assert (healthy.is_up, healthy.detail) == (True, "The server answers.")
    stub_server.stop()
    down = use(stub_server, lambda client: client.health())
    assert not down.is_up
    assert "cannot be reached" in down.detail


def test_an_address_without_a_path_means_v1() -> None:
    assert ChatClient("http://host:1").base_url == "http://host:1/v1"
    assert ChatClient("http://host:1/").base_url == "http://host:1/v1"
    assert ChatClient("https://host/api/v1/").base_url == "https://host/api/v1"


def test_at_most_so_many_requests_are_in_flight(stub_server: StubServer) -> None:
    stub_server.always(stub.slow(0.02))

    async def crowd(client: ChatClient) -> None:
        await asyncio.gather(*(client.ask(request()) for _ in range(12)))

    use(stub_server, crowd, max_in_flight=4)
    assert stub_server.most_in_flight == 4


def test_a_client_outside_its_context_says_so(stub_server: StubServer) -> None:
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(ChatClient(stub_server.base_url).ask(request()))


def test_a_server_that_tells_fewer_chances_is_asked_for_those_from_then_on(
    stub_server: StubServer,
) -> None:
    stub_server.most_logprobs = 5

    async def twice(client: ChatClient) -> list[ChatAnswer]:
        return [await client.ask(request(weighs=True)) for _ in range(2)]

    assert [answer.n_weighed for answer in use(stub_server, twice)] == [5, 5]
    assert [body["top_logprobs"] for body in stub_server.requests] == [20, 5, 5]


def test_a_server_that_tells_no_chances_answers_without_them(stub_server: StubServer) -> None:
    stub_server.most_logprobs = 0
    answer = ask(stub_server, request(weighs=True))
    assert (answer.n_weighed, answer.tokens) == (0, ())
    assert "logprobs" not in stub_server.requests[-1] and len(stub_server.requests) == 3


def test_a_request_that_is_refused_for_another_reason_costs_the_others_no_chances(
    stub_server: StubServer,
) -> None:
    stub_server.script(*[stub.fails(400, "The context is too long.")] * 3)

    async def twice(client: ChatClient) -> ChatAnswer:
        with pytest.raises(Refused, match="too long"):
            await client.ask(request(weighs=True))
        return await client.ask(request(weighs=True))

    assert use(stub_server, twice).n_weighed == 20
    told = [body.get("top_logprobs") for body in stub_server.requests]
    assert told == [20, 5, None, 20]


def test_a_server_that_may_have_been_replaced_is_asked_for_all_chances_again(
    stub_server: StubServer,
) -> None:
    stub_server.most_logprobs = 5

    async def story(client: ChatClient) -> ChatAnswer:
        assert (await client.ask(request(weighs=True))).n_weighed == 5
        stub_server.most_logprobs = 20
        stub_server.script(stub.drops())
        with pytest.raises(Unreachable):
            await client.ask(request(weighs=True))
        return await client.ask(request(weighs=True))

    assert use(stub_server, story).n_weighed == 20
