"""Draws the figures of a report: SVG for the page, PDF and PNG for the paper.

Matplotlib is imported when something is drawn, without its state machine, so that the web process
is neither slow to start nor shared by two drawings. The page's SVG has no colours, fonts or styles
of its own: they come from the style sheet, by class, so it is readable in both colour schemes.
What is drawn is told already; the few words that a drawing adds are told as it is made.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agreement.wording import _, joined
from annotation.telling import told
from judging.reports import vector
from judging.reports.document import BOTH, JUDGE, PEOPLE, Block, Document

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, LINE, EDGES = 5.6, 0.26, 1.1
LONGEST = 26  # letters of a label; what is longer takes two lines or more
MOST_LINES = 120
INDENT, GAP = "\N{NO-BREAK SPACE}" * 3, "\N{NO-BREAK SPACE}" * 8
# How deep a colour is when the paper's own colour is read on it better than ink.
DARK = 0.7
DRAWN = ("forest", "bars", "matrix")
# Told apart by shape as well as by colour.
SHAPES = {PEOPLE: "o", JUDGE: "D", BOTH: "s"}


def of_document(found: Document) -> dict[str, str]:
    """Every figure of the document as SVG that can stand in a page, by its key."""
    return {
        block["key"]: inline(block)
        for each in found["sections"]
        for block in each["blocks"]
        if block["kind"] in ("forest", "bars") and block["rows"]
    }


def inline(block: Block) -> str:
    """SVG without styles and ids, coloured by the page's style sheet."""
    written = io.StringIO()
    _saved(block, vector.CLASSES, written, "svg")
    return vector.tidy(written.getvalue(), words=told(alternative(block)))


def as_file(block: Block, kind: str) -> bytes:
    """The figure as "svg", "pdf" or "png", in colours for white paper."""
    written = io.BytesIO()
    _saved(block, vector.PAPER, written, kind)
    return written.getvalue()


def alternative(block: Block) -> str:
    """What the figure shows, in words; the numbers stand in the table beside it."""
    if block["kind"] == "forest":
        known = [row for row in block["rows"] if row["value"] is not None]
        if not known:
            return _("{title}: no figure is known.", title=block["title"])
        return _range(block["title"], known)
    return _("{title}: the numbers stand in the table below.", title=block["title"])


def _range(title: str, known: Sequence[Mapping[str, Any]]) -> str:
    low, high = (pick(known, key=lambda row: row["value"]) for pick in (min, max))
    return _(
        "{title}: {n} figures with intervals, the lowest {lowest} at {low}, the highest {highest} "
        "at {high}.",
        title=title,
        n=len(known),
        lowest=_named(low),
        low=f"{low['value']:.2f}",
        highest=_named(high),
        high=f"{high['value']:.2f}",
    )


def _named(row: Mapping[str, Any]) -> str:
    return joined(row["group"], row["label"], between=", ")


def _saved(block: Block, colours: Mapping[str, str], to: Any, kind: str) -> None:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": block["key"],
            "pdf.fonttype": 42,
            "font.size": 9,
            "text.parse_math": False,  # a dollar sign in a label is a dollar sign
        }
    ):
        figure = Figure(figsize=(WIDTH, _height(block)), layout="constrained")
        FigureCanvasAgg(figure)
        _drawn(figure, block, colours)
        when: dict[str, Any] = {} if kind == "png" else {"metadata": _undated(kind)}
        figure.savefig(to, format=kind, dpi=200, transparent=kind == "svg", **when)


def _undated(kind: str) -> dict[str, None]:
    """The same numbers give the same file."""
    return {"Date": None} if kind == "svg" else {"CreationDate": None}


def _height(block: Block) -> float:
    rows = block["labels"] if block["kind"] == "matrix" else block["rows"][:MOST_LINES]
    if block["kind"] != "forest":
        return EDGES + LINE * len(rows)
    groups = {row["group"] for row in rows}
    more = sum(_room(row["label"]) for row in rows)
    return EDGES + LINE * (len(rows) + 1.3 * len(groups) + 2 * more)


def _room(label: str) -> float:
    """What a label of several lines needs above and below, in rows."""
    return 0.3 * _lines(label).count("\n")


def _drawn(figure: Figure, block: Block, colours: Mapping[str, str]) -> None:
    axes = figure.add_subplot()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(colours["line"])
    axes.tick_params(colors=colours["quiet"], length=0)
    draw = {"forest": _forest, "bars": _bars, "matrix": _matrix}
    draw[block["kind"]](axes, block, colours)


def _forest(axes: Axes, block: Block, colours: Mapping[str, str]) -> None:
    places, labels, headings, group = [], [], [], None
    place = 0.0
    for row in block["rows"][:MOST_LINES]:
        if row["group"] and row["group"] != group:
            group = row["group"]
            place += 0.3
            places.append(place)
            labels.append(_lines(group))
            headings.append(len(places) - 1)
            place += 1
        place += _room(row["label"])
        _whisker(axes, row, place, colours)
        places.append(place)
        labels.append(_lines(row["label"], INDENT if group else ""))
        place += 1 + _room(row["label"])
    axes.set_yticks(places, labels, ha="left")
    for heading in headings:
        axes.get_yticklabels()[heading].set_color(colours["ink"])
    axes.tick_params(axis="y", pad=_pad(labels))
    axes.set_ylim(place - 0.4, -0.6)
    if block["axis"]:
        axes.set_xlim(*block["axis"])
    if block["zero"] is not None:
        axes.axvline(block["zero"], color=colours["edge"], linewidth=1, linestyle=(0, (3, 3)))
    if block["ends"]:
        low, high = block["ends"]
        axes.set_xlabel(f"◂ {low}{GAP}{high} ▸", color=colours["quiet"])


def _pad(labels: Sequence[str]) -> float:
    """Labels begin at one line: room for the longest."""
    return 5.2 * max((len(line) for label in labels for line in label.split("\n")), default=0)


def _lines(label: str, indent: str = "") -> str:
    """The label in lines that leave room for the drawing; blanks that a page keeps."""
    return "\n".join(indent + line for line in textwrap.wrap(str(label), LONGEST) or [""])


def _whisker(axes: Axes, row: Mapping[str, Any], place: float, colours: Mapping[str, str]) -> None:
    if row["value"] is None:
        said = told(_("not known"))
        found = axes.text(1.0, place, said, ha="right", va="center", color=colours["quiet"])
        found.set_transform(axes.get_yaxis_transform())
        return
    axes.axhline(place, color=colours["line"], linewidth=0.6, zorder=0)
    colour = colours[row["mark"]]
    if row["low"] is not None:
        axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=2)
    face = colour if row["mark"] == PEOPLE else colours["paper"]
    axes.plot(
        [row["value"]],
        [place],
        SHAPES[row["mark"]],
        color=colour,
        markerfacecolor=face,
        markersize=6,
    )


def _bars(axes: Axes, block: Block, colours: Mapping[str, str]) -> None:
    """Shares stacked from the lowest level to the highest; a darker step is a higher level."""
    n_levels = len(block["levels"])
    for place, row in enumerate(block["rows"]):
        whole, left = sum(row["counts"]) or 1, 0.0
        for level, count in enumerate(row["counts"]):
            share = count / whole
            depth = 0.15 + 0.85 * level / max(1, n_levels - 1)
            axes.barh(
                *(place, share),
                left=left,
                height=0.7,
                color=colours[PEOPLE],
                alpha=round(depth, 2),
                edgecolor=colours["paper"],
            )
            if share > 0.06:
                ink = colours["paper"] if depth > DARK else colours["ink"]
                words = block["levels"][level]
                axes.text(left + share / 2, place, words, ha="center", va="center", color=ink)
            left += share
    axes.set_yticks(range(len(block["rows"])), [row["label"] for row in block["rows"]])
    axes.set_ylim(len(block["rows"]) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])


def _matrix(axes: Axes, block: Block, colours: Mapping[str, str]) -> None:
    n = len(block["labels"])
    for i, (values, shades) in enumerate(zip(block["values"], block["shades"], strict=True)):
        for j, (value, shade) in enumerate(zip(values, shades, strict=True)):
            depth = round(0.85 * min(1.0, max(0.0, shade or 0.0)), 2)
            axes.barh(i, 1, left=j - 0.5, height=1, color=colours[PEOPLE], alpha=depth)
            if value is not None:
                ink = colours["paper"] if depth > DARK else colours["ink"]
                axes.text(j, i, f"{value:g}"[:5], ha="center", va="center", color=ink)
    axes.set_yticks(range(n), block["labels"])
    axes.set_xticks(range(n), block["labels"])
    axes.set_ylim(n - 0.5, -0.5)
    axes.set_xlim(-0.5, n - 0.5)
