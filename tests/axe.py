"""Accessibility of a page as axe-core sees it: WCAG 2.0 to 2.2, levels A and AA.

axe finds about half of what matters; keyboard journeys and reading with a screen reader remain.
"""

from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "static" / "vendor" / "axe-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Any) -> list[str]:
    """One line per element that breaks a rule: rule, what to do, where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    # Preloading copies style sheets inline, which the content security policy reports as a breach.
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
        "preload": False,
    }
    result = page.evaluate("options => axe.run(options)", options)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}, at {' '.join(map(str, node['target']))}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def assert_no_violations(page: Any) -> None:
    """Fail with every violation and the address of the page."""
    found = violations(page)
    assert not found, "\n".join([f"{len(found)} accessibility violations at {page.url}:", *found])
