"""A worker in the place of a keeper that fell silent: the same port, GPUs and command.

So a server that the keeper left running is taken over instead of being started a second time, no
GPU gets two, and a keeper that comes back takes over in turn what the worker started.
"""

from collections.abc import Callable

from django.utils import timezone

from generation.actions import servers
from generation.commands import ServerSpec
from generation.models import Keeper, LanguageModel, Server
from generation.processes import is_free, read_pid_file
from generation.starting import log_of, n_gpus, spec_of
from generation.supervisor import Supervised


class Deputy(Supervised):
    """A server of the table in a worker's hands."""

    def __init__(self, row: Server, spec: ServerSpec, *, sleep: Callable[[float], None]) -> None:
        super().__init__(spec, owns_port=True, sleep=sleep)
        self.row = row

    def stop(self) -> None:
        """Left to a keeper that is at work again, and to the person who pinned it."""
        self.row.refresh_from_db(fields=["is_pinned"])
        at_work = Keeper.objects.at_work(timezone.now()).filter(host=self.row.host)
        if not self.row.is_pinned and not at_work.exists():
            super().stop()
            servers.release_gpus(self.row)


def stand_in(keeper: Keeper, model: LanguageModel, *, sleep: Callable[[float], None]) -> Deputy:
    """The model's server as its host's keeper would start it; not started yet.

    Raises `NoRoom` if living servers hold the GPUs.
    """
    row = servers.need(model=model, host=keeper.host, at=timezone.now())
    gpus = _gpus(keeper, row) if keeper.gpu_numbers else None
    return Deputy(row, spec_of(row.model, port=row.port, gpus=gpus), sleep=sleep)


def _gpus(keeper: Keeper, row: Server) -> list[int]:
    for other in Server.objects.filter(host=keeper.host, held_gpus__isnull=False).distinct():
        if other.pk != row.pk and not is_living(other):
            servers.release_gpus(other)
    gpus = servers.hold_gpus(row, keeper.gpu_numbers, wanted=n_gpus(row.model))
    servers.report(row, gpus=",".join(map(str, gpus)))
    return gpus


def is_living(row: Server) -> bool:
    """Whether its process runs on this machine, or anything at all listens on its port."""
    process = read_pid_file(log_of(row.port).with_suffix(".pid"))
    return (process is not None and process.group_is_running()) or not is_free(row.port)
