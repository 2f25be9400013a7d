"""The runs of a study by id, with the names under which they appear in exports."""

from annotation.models import Study
from exports.formats.ratings import Arm
from generation.models import Run


class Arms(dict[str, Arm]):
    """Read in one query; a run that is no arm (of answers rated elsewhere) costs one more."""

    def __init__(self, study: Study) -> None:
        runs = Run.objects.filter(arms__study=study).select_related("model", "condition")
        super().__init__({run.pk: _arm(run) for run in runs})

    def __missing__(self, run_id: str) -> Arm:
        run = Run.objects.select_related("model", "condition").get(pk=run_id)
        self[run_id] = _arm(run)
        return self[run_id]


def _arm(run: Run) -> Arm:
    condition = run.condition.name if run.condition else ""
    return Arm(run.pk, run.model.name, condition, run.is_sample)
