"""The coverage bench: its studies are repeatable, its table is written in its place, it fails."""

import sys

import numpy as np
import pytest

from agreement.estimate import Estimate
from bench import _samples, stats


@pytest.fixture
def few(monkeypatch):
    """Quick truths: what is tested here is the bench, not the intervals."""
    monkeypatch.setattr(_samples, "N_TRUTH", 3000)
    monkeypatch.setattr(_samples, "DRAWS", 50)


def test_every_claim_makes_an_interval_and_the_same_seed_makes_the_same(few):
    for claim in _samples.claims():
        first = claim.draw(np.random.default_rng(1))
        assert first.interval is not None, claim.what
        assert first == claim.draw(np.random.default_rng(1))
        assert np.isfinite(claim.truth)


def covered(hits, is_held=True):
    claim = _samples.Claim("alpha", "100 items", lambda rng: Estimate(0.5), 0.5, is_held)
    return stats.Covered(claim, hits, 1000, 0.2)


@pytest.mark.parametrize(
    ("hits", "is_missed"), [(929, True), (930, False), (970, False), (971, True)]
)
def test_a_claim_is_missed_outside_93_to_97_percent(hits, is_missed):
    assert covered(hits).is_missed is is_missed
    assert not covered(hits, is_held=False).is_missed


def test_the_table_says_studies_seed_and_draws():
    text = stats.table([covered(951)], 1000, 7)
    assert "1,000 studies per row, seed 7, 1,000 draws" in text
    assert "| alpha * | 100 items | 95.1% | 0.200 |" in text


def test_the_table_goes_between_the_marks_and_a_missed_claim_ends_the_bench(tmp_path, monkeypatch):
    page = tmp_path / "statistics.md"
    page.write_text(f"before\n{stats.BEGIN}\nold\n{stats.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(stats, "PAGE", page)
    monkeypatch.setattr(stats, "simulate", lambda studies, seed: [covered(900)])
    monkeypatch.setattr(sys, "argv", ["stats", "--write", "--studies", "1000"])
    with pytest.raises(SystemExit, match=r"alpha \(100 items\)"):
        stats.main()
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("after\n")
    assert "90.0%" in text and "old" not in text


def test_the_page_has_the_marks():
    text = stats.PAGE.read_text(encoding="utf-8")
    assert 0 < text.index(stats.BEGIN) < text.index(stats.END)
