"""Conversations that were played: what stands before the last answer, and where several part."""

from generation.trajectories import Turns, apart, before_last

SYSTEM = {"role": "system", "content": "Be brief."}


def turns(*said: str) -> Turns:
    """The person speaks first."""
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(said)]


PROMPT = [SYSTEM, *turns("Nobody listens.", "Said by somebody else.", "And now?")]
PLAYED = [{"said": "Nobody listens.", "text": "I do."}, {"said": "And now?", "text": "Stay."}]


def test_an_answer_to_a_prompt_has_the_prompt_before_it() -> None:
    assert before_last(PROMPT, []) == PROMPT


def test_a_played_answer_has_the_turns_that_were_played_before_it() -> None:
    assert before_last(PROMPT, PLAYED) == [SYSTEM, *turns("Nobody listens.", "I do.", "And now?")]


def test_answers_to_one_prompt_have_all_of_it_in_common() -> None:
    assert apart([PROMPT, PROMPT]) == (PROMPT, [[], []])


def test_played_conversations_part_where_the_models_first_differ() -> None:
    one, other = turns("Hello.", "Hi.", "And?"), turns("Hello.", "Yes?", "And?")
    assert apart([one, other]) == (one[:1], [one[1:], other[1:]])


def test_a_shorter_one_ends_what_they_have_in_common() -> None:
    assert apart([PROMPT, PROMPT[:2]]) == (PROMPT[:2], [PROMPT[2:], []])
    assert apart([]) == ([], [])
