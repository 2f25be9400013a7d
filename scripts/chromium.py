"""Which Chromium looks at the pages, and how it is started."""

import os
from pathlib import Path

# The one that can show no window needs two thirds of the processor time.
PLACES = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-compositing",  # drawn without a graphics card, which nobody looks at
    "--disable-software-rasterizer",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def executable() -> Path | None:
    """Chromium of $CHROMIUM, else one of Debian's; None where there is none."""
    named = os.environ.get("CHROMIUM")
    there = (Path(place) for place in ([named] if named else PLACES))
    return next((place for place in there if place.exists()), None)
