"""Everything that changes judges, their runs and their verdicts."""

from judging.actions.anchors import SAMPLE as SAMPLE_ANCHORS
from judging.actions.anchors import load_anchors, make_anchor, retire_anchor, take_settled
from judging.actions.approvals import (
    approve_judge,
    freeze_judge,
    revoke_approval,
    sweep_approvals,
)
from judging.actions.duels import ask_duel_again, keep_choice, record_duel_failure
from judging.actions.judges import DEFAULT_PROMPT, SIDE_BY_SIDE_PROMPT, make_judge
from judging.actions.matchups import start_matchup, sweep_matchups
from judging.actions.panels import make_panel, start_panel
from judging.actions.refusals import NotPossible
from judging.actions.reports import (
    ask_again as ask_report_again,
)
from judging.actions.reports import (
    bring_up_to_date,
    figures_of,
    report_on,
    sweep_reports,
)
from judging.actions.reports import compute as compute_report
from judging.actions.rulings import KINDS as RULES
from judging.actions.rulings import decided_keys, keep_rulings, make_rule_judge, stated_rule
from judging.actions.runs import start_judge_run, sweep
from judging.actions.verdicts import ask_again, keep_verdicts, record_failure

__all__ = [
    "DEFAULT_PROMPT",
    "RULES",
    "SAMPLE_ANCHORS",
    "SIDE_BY_SIDE_PROMPT",
    "NotPossible",
    "approve_judge",
    "ask_again",
    "ask_duel_again",
    "ask_report_again",
    "bring_up_to_date",
    "compute_report",
    "decided_keys",
    "figures_of",
    "freeze_judge",
    "keep_choice",
    "keep_rulings",
    "keep_verdicts",
    "load_anchors",
    "make_anchor",
    "make_judge",
    "make_panel",
    "make_rule_judge",
    "record_duel_failure",
    "record_failure",
    "report_on",
    "retire_anchor",
    "revoke_approval",
    "start_judge_run",
    "start_matchup",
    "start_panel",
    "stated_rule",
    "sweep",
    "sweep_approvals",
    "sweep_matchups",
    "sweep_reports",
    "take_settled",
]
