"""Keeping which services a response names: from there a service finds its responses, and what is to
be vetted again is known.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from corpus.checks import Referral
from corpus.directory import Directory
from corpus.models import Reference, Version
from crisis.entries import Finding, Verdict

BATCH = 500
LIMIT = 300  # characters that are kept of a passage


@transaction.atomic
def note(
    versions: Sequence[Version], at: datetime, directory: Directory | None = None
) -> dict[str, list[Referral]]:
    """Find the services of these responses anew, in the directory of that day, and store them.

    By version, what the check of services reads of them. Called by `results.keep`. Two queries for
    five hundred, and one for the directory.
    """
    directory = directory or Directory.on(at.date())
    noted: dict[str, list[Referral]] = {}
    for start in range(0, len(versions), BATCH):
        batch = versions[start : start + BATCH]
        found = {version.pk: directory.findings(version) for version in batch}
        Reference.objects.filter(version__in=list(found)).delete()
        Reference.objects.bulk_create(rows_of(found), batch_size=2000)
        noted |= {each.pk: directory.referrals(each, found[each.pk]) for each in batch}
    return noted


def rows_of(found: dict[str, list[Finding]]) -> Iterator[Reference]:
    """The findings of each version as rows, not stored. No query."""
    for pk, findings in found.items():
        for finding in _one_a_place(findings):
            yield Reference(
                version_id=pk,
                resource_id=finding.entry.id if finding.entry else None,
                start=finding.start,
                end=finding.end,
                passage=finding.passage[:LIMIT],
                normal=finding.normal[:LIMIT],
                kind=finding.kind,
                serves_country=finding.verdict != Verdict.WRONG_COUNTRY,
            )


def _one_a_place(findings: Iterable[Finding]) -> list[Finding]:
    """ "988 Lifeline" is a name and begins with a number: what is known stands, then the longer."""
    chosen: dict[int, Finding] = {}
    for each in findings:
        rival = chosen.get(each.start)
        if rival is None or _weight(each) > _weight(rival):
            chosen[each.start] = each
    return list(chosen.values())


def _weight(finding: Finding) -> tuple[bool, int]:
    return finding.entry is not None, finding.end
