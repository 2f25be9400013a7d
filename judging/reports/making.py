"""Makes the document of a stored report, whatever its kind."""

from agreement.wording import kept
from judging.models import Report
from judging.reports import comparison, study, validation
from judging.reports.document import Document


def make(report: Report) -> Document:
    """The document as it is stored: every sentence as what it was made of."""
    made: Document = kept(_document(report))
    return made


def _document(report: Report) -> Document:
    if report.kind == Report.Kind.STUDY and report.study:
        return study.report(report.study)
    if report.kind == Report.Kind.COMPARISON and report.run_a and report.run_b:
        speaker = report.judge or report.panel
        return comparison.report(report.run_a, report.run_b, report.rubric, speaker)
    if report.kind == Report.Kind.VALIDATION and report.study and report.judge:
        return validation.report(report.study, report.judge)
    raise ValueError(f"Nothing makes a report of the kind {report.kind!r}.")
