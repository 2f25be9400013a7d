"""The tables of judging."""

from judging.models.approvals import Approval, Trial
from judging.models.duels import Choice, Duel, Matchup
from judging.models.judges import Anchor, Judge, JudgeRun, Panel
from judging.models.reports import Report
from judging.models.verdicts import Judgement, Verdict

__all__ = [
    "Anchor",
    "Approval",
    "Choice",
    "Duel",
    "Judge",
    "JudgeRun",
    "Judgement",
    "Matchup",
    "Panel",
    "Report",
    "Trial",
    "Verdict",
]
