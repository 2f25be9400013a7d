"""Makes the document and the drawings of a stored report, whatever its kind."""

from judging.models import Report
from judging.reports import comparison, drawing, study, validation
from judging.reports.document import Document


def make(report: Report) -> tuple[Document, dict[str, str]]:
    """The document, and its figures as SVG by their key."""
    made = _document(report)
    return made, drawing.of_document(made)


def _document(report: Report) -> Document:
    if report.kind == Report.Kind.STUDY and report.study:
        return study.report(report.study)
    if report.kind == Report.Kind.COMPARISON and report.run_a and report.run_b:
        speaker = report.judge or report.panel
        return comparison.report(report.run_a, report.run_b, report.rubric, speaker)
    if report.kind == Report.Kind.VALIDATION and report.study and report.judge:
        return validation.report(report.study, report.judge)
    raise ValueError(f"Nothing makes a report of the kind {report.kind!r}.")
