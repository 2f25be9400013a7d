import random

from hypothesis import given
from hypothesis import strategies as st

from corpus import families
from corpus.families import NEAR, Catalogue, diversity, grouped, sketch

words = st.lists(st.sampled_from(["one", "two", "three", "four", "five", "six"]), max_size=30)
WORDS = [f"word{number}" for number in range(3000)]


def made(seed: int, n: int = 120) -> list[str]:
    return random.Random(seed).choices(WORDS, k=n)


@given(words)
def test_case_and_punctuation_do_not_make_another_text(text: list[str]) -> None:
    plain, dressed = sketch(" ".join(text)), sketch("… ".join(text).upper() + "!\n")
    assert plain == dressed and plain.likeness(dressed) == 1


@given(words, words)
def test_likeness_is_the_share_of_common_grams(one: list[str], two: list[str]) -> None:
    first, second = sketch(" ".join(one)), sketch(" ".join(two))
    assert first.likeness(second) == second.likeness(first)
    assert 0 <= first.likeness(second) <= 1


@given(words)
def test_the_digest_of_words_is_the_sketches_own(text: list[str]) -> None:
    assert families.words_digest("… ".join(text).upper()) == sketch(" ".join(text)).words_digest


def test_a_text_without_words_has_no_bands() -> None:
    assert sketch("…!\n").bands == () and len(sketch("one").bands) == families.N_BANDS


def test_near_texts_are_found_by_their_bands() -> None:
    """About as often as the arithmetic of bands says: .99 and more from a likeness of .7."""
    found = n_near = 0
    for seed in range(300):
        text = made(seed)
        other = [*text]
        for place in random.Random(seed).sample(range(len(text)), 3):
            other[place] = "slot"
        one, two = sketch(" ".join(text)), sketch(" ".join(other))
        if one.likeness(two) >= 0.7:
            n_near += 1
            found += bool(set(one.bands) & set(two.bands))
    assert n_near > 200 and found / n_near >= 0.97


def test_unrelated_texts_are_families_of_their_own() -> None:
    texts = [" ".join(made(seed)) for seed in range(200)]
    assert len(set(grouped(texts))) == 200


def test_a_filled_template_is_one_family() -> None:
    template = made(1)
    texts = [" ".join([*template[:60], f"name{number}", *template[60:]]) for number in range(50)]
    assert len(set(grouped([*texts, " ".join(made(2))]))) == 2


def test_two_families_become_one_when_a_text_lies_between() -> None:
    text = made(3, 100)
    left = " ".join([*text[:80], *made(4, 20)])
    right = " ".join([*made(5, 20), *text[20:]])
    assert len(set(grouped([left, right]))) == 2
    assert sketch(left).likeness(sketch(" ".join(text))) >= NEAR
    assert len(set(grouped([left, right, " ".join(text)]))) == 1


@given(st.permutations([" ".join(made(seed % 4)) for seed in range(12)]))
def test_the_order_of_the_texts_does_not_change_the_families(texts: list[str]) -> None:
    named = dict(zip(texts, grouped(texts), strict=True))
    assert len(set(named.values())) == 4
    assert grouped(texts) == grouped(texts)


def test_a_common_band_keeps_few_texts() -> None:
    catalogue, template = Catalogue(), made(6)
    kept = [
        catalogue.place(sketch(" ".join([*template, f"end{number}"])))[1] for number in range(40)
    ]
    assert len(kept[0]) == families.N_BANDS and sum(map(len, kept)) < 40 * families.N_BANDS / 2


def test_diversity_counts_what_shares_a_template() -> None:
    found = diversity([1, 1, 3, 5])
    assert (found.n_responses, found.n_families, found.n_shared, found.n_largest) == (10, 4, 8, 5)
    assert (found.percent, found.word) == (80, "templated")
    assert diversity([1] * 20).word == "written" and diversity([]).share == 0
    assert diversity([2] + [1] * 10).word == "mixed"
