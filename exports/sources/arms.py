"""The arms of a study by their position, with the names under which they appear in exports."""

from typing import NamedTuple

from annotation.models import Study


class Arm(NamedTuple):
    """Where an answer came from."""

    run: str
    model: str
    condition: str
    is_sample: bool


def arms_of(study: Study) -> dict[int, Arm]:
    """An answer of an item stands at the position of its arm. One query."""
    found = study.arms.select_related("run__model", "run__condition")
    return {
        arm.position: Arm(
            arm.run_id,
            arm.run.model.name,
            arm.run.condition.name if arm.run.condition else "",
            arm.run.is_sample,
        )
        for arm in found
    }
