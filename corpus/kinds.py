"""What tables are called in a report, for people who do not know them."""

from corpus.doomed import Kind

# Tables whose own names say little to those who read the report.
SAID = {
    "corpus.band": "keys to near copies",
    "corpus.bulkrow": "lines of bulk changes",
    "corpus.checkresult": "results of checks",
    "corpus.commentevent": "answers to comments",
    "corpus.promptsetentry": "places in prompt sets",
    "corpus.reference": "references to services",
    "corpus.sketch": "sketches of responses",
    "annotation.item": "items that raters saw",
    "annotation.itemanswer": "answers on those items",
    "annotation.studyrun": "arms of studies",
    "exports.releaseentry": "places in releases",
}


def plural(kind: Kind) -> str:
    """A table's name as people say it."""
    if kind._meta.label_lower in SAID:
        return SAID[kind._meta.label_lower]
    said = str(kind._meta.verbose_name_plural)
    return f"{said[:-2]}ies" if said.endswith("ys") else said
