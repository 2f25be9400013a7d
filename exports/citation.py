"""CITATION.cff beside exported files: how to name them. Pure."""

import json

from exports.described import About


def text(about: About) -> str:
    """Citation File Format 1.2.0; values in JSON's quotes, which YAML reads alike."""
    fields = {
        "cff-version": "1.2.0",
        "message": "Please cite the dataset with its version and digest.",
        "type": "dataset",
        "title": _plain(about.title),
        "version": about.version,
        "date-released": about.made_on if about.is_release else "",
        "abstract": _plain(about.description),
    }
    lines = [f"{key}: {_quoted(value)}" for key, value in fields.items() if value]
    lines += [
        "authors:",
        '  - name: "The clinicians, curators and raters of this PsychoSafe Studio"',
    ]
    if digest := dict(about.facts).get("Digest"):
        lines += [
            "identifiers:",
            "  - type: other",
            f"    value: {_quoted(f'sha256:{digest}')}",
            '    description: "Digest of the release"',
        ]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: str) -> str:
    return " ".join(value.split())
