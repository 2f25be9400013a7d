"""Look at pages: 1280 and 390 px wide, light and dark, and say what a browser minds.

Example: scripts/screenshots.py http://127.0.0.1:8000/ --out /tmp/looks --cookie studio_session=KEY
Needs Chromium ($CHROMIUM, else Debian's) and playwright. Ends with 1 if anything was found.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.chromium import FLAGS, executable  # found only after the line above

LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
OVERFLOW = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, .unseen'))
  .slice(0, 3).map(e => e.tagName.toLowerCase() + '.' + e.className)"""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("urls", nargs="+", metavar="URL")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--cookie", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--width", type=int, action="append", help="other widths, such as 320")
    return parser.parse_args()


def listen(page: Page, found: list[str]) -> None:
    """Console errors hold the breaches of the content security policy too."""
    page.on("console", lambda m: found.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: found.append(f"script: {error}"))


def name_of(url: str, width: int, scheme: str) -> str:
    parts = urlsplit(url)
    place = re.sub(r"[^a-z0-9]+", "-", f"{parts.path}-{parts.query}".lower()).strip("-") or "home"
    return f"{place}-{width}-{scheme}.png"


def look_at(page: Page, url: str, picture: Path) -> Iterator[str]:
    """Take the picture; yield what is wrong with the page."""
    from tests import axe

    answer = page.goto(url, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    if answer is None or not answer.ok:
        yield f"status {answer.status if answer else 'none'}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield f"wider than the window: {page.evaluate(OVERFLOW)}"
    if axe.AXE.exists():
        yield from axe.violations(page)
    # As high as the page, so that the sticky bottom bar stands at its end.
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.evaluate("innerWidth")
    page.set_viewport_size({"width": width, "height": max(800, height)})
    page.screenshot(path=picture)


def look(browser: Browser, url: str, looks: tuple[int, str], options: argparse.Namespace) -> int:
    width, scheme = looks
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    for cookie in options.cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
    page = context.new_page()
    found: list[str] = []
    listen(page, found)
    picture = options.out / name_of(url, width, scheme)
    found += look_at(page, url, picture)
    context.close()
    print(f"{picture}  {len(found)} found")
    for line in found:
        print(f"  {line}")
    return len(found)


def main() -> int:
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    looks = LOOKS + [(w, s) for w in options.width or [] for s in ("light", "dark")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        total = sum(look(browser, url, one, options) for url in options.urls for one in looks)
        browser.close()
    print(f"{total} found on {len(options.urls)} pages")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
