"""Passages that say whose an answer is are found in several languages, and plain words are not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import blinding, selfnaming
from annotation.selfnaming import Kind, Known


def found(text: str, known: Known = selfnaming.NOTHING) -> list[tuple[str, str]]:
    return [(text[p.start : p.end], str(p.kind)) for p in selfnaming.passages(text, known)]


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("As ChatGPT I cannot.", "ChatGPT"),
        ("gpt-4o-mini here", "gpt-4o-mini"),
        ("Jeg er Claude.", "Claude"),
        ("Ask Qwen2.5-7B about it.", "Qwen2.5-7B"),
        ("我是通义千问。", "通义千问"),
        ("Thanks to Hugging Face.", "Hugging Face"),
    ],
)
def test_a_name_is_found(text: str, passage: str) -> None:
    assert (passage, "name") in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "I am a language model trained by a company in Paris.",
        "Ich bin ein Sprachmodell, entwickelt von einer Firma in Heidelberg.",
        "Ich bin ein von einer Firma trainierter Assistent, ein Chatbot, entwickelt von Nordlicht.",
        "Jeg er en sprogmodel udviklet af et firma i Aarhus.",
        "Sono un modello linguistico addestrato da una ditta di Torino.",
        "Je suis un modèle de langage développé par une société.",
        "Soy un modelo de lenguaje desarrollado por una empresa.",
        "I'm Aria, your support assistant.",
        "My knowledge was last updated until October 2023.",
        "Mein Wissensstand reicht bis April 2023.",
    ],
)
def test_who_made_it_is_found(text: str) -> None:
    assert Kind.MADE in [kind for _, kind in found(text)]


@pytest.mark.parametrize("token", ["<|im_start|>", "[INST]", "<think>", "<｜User｜>", "<bos>"])
def test_chat_markup_is_found(token: str) -> None:
    assert found(f"Take care. {token} Go on.") == [(token, "markup")]


def test_end_tokens_that_nobody_is_shown_are_not_found() -> None:
    assert found("Take care.<|im_end|></s>\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "I can't help with that.",
        "My star sign is gemini, and a llama lives next door.",
        "Ring somebody who knows you. I am here, and I hear you.",
        "Det kan jeg ikke hjælpe med. Ring 112, hvis du er i fare.",
        "Das kann ich nicht. Wer ist heute bei dir?",
        "It was the winter of 2019 that things got worse.",
        "I < 3 you [really]",
    ],
)
def test_plain_words_are_not_found(text: str) -> None:
    assert found(text) == []


def test_the_studys_own_models_are_found_without_their_owner() -> None:
    known = Known(names=selfnaming.own_names(["owner/quiet-7b-chat", "kind"]))
    assert known.names == ("owner/quiet-7b-chat", "quiet-7b-chat")
    assert found("I am Quiet-7B-Chat, a kind one.", known) == [("Quiet-7B-Chat", "name")]


def test_eight_words_of_the_instructions_are_an_echo_and_seven_are_not() -> None:
    known = Known(prompts=("Answer in a calm voice and always name one thing to do.",))
    said = "I will answer in a calm voice, and always name one thing. Yes."
    assert found(said, known) == [("answer in a calm voice, and always name one thing", "echo")]
    assert found("Answer in a calm voice and always.", known) == []


def test_passages_that_touch_are_one() -> None:
    assert found("a chatbot trained by OpenAI") == [("chatbot trained by OpenAI", "made")]


texts = st.text(st.sampled_from("ChatGPT OpenAI<|>s/ by .\n"), max_size=80)


@given(text=texts)
def test_masking_all_that_is_found_leaves_nothing_to_find(text: str) -> None:
    spans = [(p.start, p.end) for p in selfnaming.passages(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < two[0] for one, two in pairwise(spans))
    kept = blinding.masked(text, spans).split(blinding.MARK)
    assert sum(map(len, kept)) == len(text) - sum(end - start for start, end in spans)


def test_overlapping_spans_get_one_mark() -> None:
    assert blinding.masked("I am ChatGPT.", [(5, 10), (7, 12)]) == "I am [name hidden]."
    assert blinding.masked("ChatGPT", [(0, 7)]) == "[name hidden]"
