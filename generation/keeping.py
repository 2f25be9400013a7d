"""The keeper of a GPU host: makes the servers that are wanted run, and the others stop.

One tick looks at every server of the host and never waits for one: a model may take minutes to
load while others are asked. What it sees it writes to the server's row, which pages show.
"""

import contextlib
import json
import logging
import os
import socket
import threading
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.error import URLError

from django.db import DatabaseError
from django.utils import timezone

from gate.identity import new_id
from gate.text import visible
from generation.actions import servers as actions
from generation.actions.servers import KeptAlready, NoRoom
from generation.commands import CommandRefused, ServerSpec
from generation.models import Keeper as KeeperRow
from generation.models import LanguageModel, Server
from generation.processes import HOST
from generation.starting import adapters_of, local, n_gpus, rank_of, spec_of
from generation.supervisor import Supervised, SupervisorError

State = Server.State
MAX_CRASHES = 5  # in a row, before it was ever ready
READY_S = 3600.0
LONGEST_WAIT_S = 60.0
DEAF_S = 180.0  # a ready server that runs and does not answer for so long is started again
STOPPING_S = 0.5  # a tick waits no longer for a server that stops
logger = logging.getLogger(__name__)


@dataclass
class Kept:
    """A server in the keeper's hands."""

    server: Supervised
    wish: int
    rank: int
    loaded: set[str]
    began: float
    is_ready: bool = False
    answered: float = 0.0  # when it was last healthy
    refused: set[str] = field(default_factory=set)  # adapters that it did not load


class Keeper:
    """`tick` once every few seconds; `close` stops what runs. Tests pass a maker and clocks."""

    def __init__(
        self,
        host: str,
        gpus: Sequence[int],
        *,
        now: Callable[[], datetime] = timezone.now,
        clock: Callable[[], float],
        make: Callable[[ServerSpec], Supervised] | None = None,
    ) -> None:
        self.host, self.gpus = host, list(gpus)
        self.holder, self.process = new_id(), f"process {os.getpid()} on {socket.gethostname()}"
        self.now, self.clock, self.make = now, clock, make or _supervised
        self.kept: dict[str, Kept] = {}
        self.waits: dict[str, tuple[int, float]] = {}  # crashes in a row, not again before
        self.stopping: dict[str, threading.Thread] = {}

    def begin(self, pause: Callable[[], object]) -> None:
        """Become the host's keeper. `KeptAlready` if another one is alive.

        One that was killed left its row behind: whether it is silent shows within half a minute.
        """
        began = self.now()
        while True:
            try:
                return self._be_there()
            except KeptAlready:
                there = KeeperRow.objects.filter(host=self.host, seen_at__gt=began)
                if there.exists():
                    raise
            pause()

    def tick(self) -> None:
        """Look at everything once. `KeptAlready` if another keeper has taken the host over."""
        self._be_there()
        actions.stop_unneeded(host=self.host, at=self.now())
        rows = Server.objects.filter(host=self.host).select_related("model__endpoint")
        for row in rows:
            self._be_there()  # some take their time
            try:
                self._look(row)
            except DatabaseError:
                raise
            except Exception as error:  # one that cannot be handled must not end the others
                logger.exception("The server of %s was not looked at.", row.model)
                actions.report(row, last_error=f"Its keeper stumbled over it: {error}")

    def close(self) -> None:
        """Stop all servers at once; they are still wanted, and start again with the keeper."""
        for pk, kept in self.kept.items():
            self._end(pk, kept.server)
        for thread in self.stopping.values():
            thread.join()
        for row in Server.objects.filter(host=self.host, pk__in=list(self.kept)):
            del self.kept[row.pk]
            self._stopped(row)
        actions.be_gone(host=self.host, holder=self.holder)

    def give_way(self, other: str) -> None:
        """To another keeper, which has the rows now. On this machine it has the servers too."""
        kept, self.kept = self.kept, {}
        if other.endswith(f" on {socket.gethostname()}"):
            return
        for thread in [self._end(pk, each.server) for pk, each in kept.items()]:
            thread.join()

    def _be_there(self) -> None:
        actions.be_there(
            host=self.host,
            gpus=self.gpus,
            at=self.now(),
            holder=self.holder,
            process=self.process,
        )

    def _look(self, row: Server) -> None:
        if row.pk in self.stopping:
            if self.stopping[row.pk].is_alive():
                return
            self._stopped(row)
            row.state = State.STOPPED
        kept = self.kept.get(row.pk)
        if kept and (not row.is_wanted or kept.wish != row.wish):
            if not self._stop(row):
                return
            kept = None
        if kept:
            self._watch(row, kept)
        elif row.is_wanted and self._may_start(row):
            self._start(row)
        elif not row.is_wanted and row.state != State.STOPPED:
            self._stop(row)

    def _may_start(self, row: Server) -> bool:
        if row.state == State.FAILED and row.granted_wish == row.wish:
            return False
        if row.granted_wish != row.wish:
            self.waits.pop(row.pk, None)
        return self.clock() >= self.waits.get(row.pk, (0, 0.0))[1]

    def _start(self, row: Server) -> None:
        loaded = {each.served_name for each in adapters_of(row.model)}
        rank = rank_of(row.model)
        try:
            spec = self._spec(row)
            server = self.make(spec)
            server.start()
        except NoRoom as error:
            actions.report(row, state=State.STARTING, last_error=str(error), seen_at=self.now())
            return
        except (CommandRefused, SupervisorError) as error:
            actions.release_gpus(row)
            self._report(row, State.FAILED, last_error=str(error), granted_wish=row.wish)
            return
        self.kept[row.pk] = Kept(server, row.wish, rank, loaded, began=self.clock())
        self._report(row, State.STARTING, granted_wish=row.wish, last_error="")

    def _spec(self, row: Server) -> ServerSpec:
        gpus = None
        if self.gpus:
            gpus = actions.hold_gpus(row, self.gpus, wanted=n_gpus(row.model))
            shown = ",".join(map(str, gpus))
            if row.pid and row.gpus != shown:  # a keeper before this one gave it others
                self._stop_left(row)
            actions.report(row, gpus=shown)
        return spec_of(row.model, port=row.port, gpus=gpus)

    def _watch(self, row: Server, kept: Kept) -> None:
        if not kept.server.is_alive():
            self._crashed(row, kept)
        elif kept.is_ready:
            self._watch_ready(row, kept)
        elif kept.server.is_healthy():
            kept.is_ready, kept.answered = True, self.clock()
            self.waits.pop(row.pk, None)
            self._report(row, State.READY, ready_at=self.now(), last_error="")
        elif self.clock() - kept.began > READY_S:
            self._crashed(row, kept)
        else:
            self._report(row, State.STARTING)

    def _watch_ready(self, row: Server, kept: Kept) -> None:
        """One that is busy may miss a look or two; one that stays deaf is started again."""
        if kept.server.is_healthy():
            kept.answered = self.clock()
        elif self.clock() - kept.answered > DEAF_S:
            self._crashed(row, kept)
            return
        kept.server.trim_log()
        self._load_adapter(row, kept)
        self._report(row, State.READY)

    def _crashed(self, row: Server, kept: Kept) -> None:
        """Started again after a wait that doubles; one that never got ready is given up."""
        tail = kept.server.log_tail()
        kept.server.stop()
        del self.kept[row.pk]
        before = self.waits.get(row.pk, (0, 0.0))[0]
        n_crashes = 1 if kept.is_ready else before + 1
        wait = min(LONGEST_WAIT_S, 2.0 ** (n_crashes - 1))
        self.waits[row.pk] = (n_crashes, self.clock() + wait)
        is_hopeless = n_crashes >= MAX_CRASHES
        if is_hopeless:
            actions.release_gpus(row)
        said = f"It ended {n_crashes} times in a row." if n_crashes > 1 else "It ended."
        self._report(
            row,
            State.FAILED if is_hopeless else State.CRASHED,
            n_crashes=row.n_crashes + 1,
            last_error=f"{said} The end of its log says why.",
            log_tail=tail,
        )

    def _stop(self, row: Server) -> bool:
        """Whether it has stopped; one that takes its time is looked at again by the next ticks."""
        kept = self.kept.pop(row.pk, None)
        if kept:
            self._end(row.pk, kept.server).join(STOPPING_S)
            if self.stopping[row.pk].is_alive():
                return False
        elif row.pid:  # of a keeper before this one
            self._stop_left(row)
        self._stopped(row)
        return True

    def _end(self, pk: str, server: Supervised) -> threading.Thread:
        """Servers end beside the ticks: some take many seconds, and the others are looked at."""
        thread = threading.Thread(target=server.stop, name=f"stop-{pk}")
        self.stopping[pk] = thread
        thread.start()
        return thread

    def _stopped(self, row: Server) -> None:
        self.stopping.pop(row.pk, None)
        actions.release_gpus(row)
        self.waits.pop(row.pk, None)
        actions.report(row, state=State.STOPPED, pid=None, adapters=[], seen_at=self.now())

    def _stop_left(self, row: Server) -> None:
        with contextlib.suppress(CommandRefused, SupervisorError):
            self.make(spec_of(row.model, port=row.port)).stop()

    def _load_adapter(self, row: Server, kept: Kept) -> None:
        """One that was registered since, each tick. One of a higher rank needs a new start."""
        for each in adapters_of(row.model):
            if each.served_name in kept.loaded | kept.refused:
                continue
            if not kept.loaded or rank_of(row.model) > kept.rank:
                actions.start_again(by=None, server=row)
                return
            trouble = load(row.port, each)
            (kept.refused if trouble else kept.loaded).add(each.served_name)
            if trouble:
                actions.report(row, last_error=f"The adapter '{each}' was not loaded: {trouble}")
            return

    def _report(self, row: Server, state: str, **seen: object) -> None:
        kept = self.kept.get(row.pk)
        if kept:
            seen |= {"log_tail": kept.server.log_tail(), "adapters": sorted(kept.loaded)}
            seen["pid"] = kept.server.pid
        else:
            seen["pid"] = None
        actions.report(row, state=state, seen_at=self.now(), **seen)


def _supervised(spec: ServerSpec) -> Supervised:
    return Supervised(spec, grace_s=10.0, owns_port=True)


def load(port: int, adapter: LanguageModel, timeout_s: float = 15.0) -> str:
    """Have a running vLLM load an adapter; empty, or why it did not."""
    body = {"lora_name": adapter.served_name, "lora_path": local(adapter.adapter_path)}
    request = urllib.request.Request(
        f"http://{HOST}:{port}/v1/load_lora_adapter",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout_s):  # noqa: S310  # our own loopback
            return ""
    except URLError as error:
        said = error.read(500).decode("utf-8", "replace") if hasattr(error, "read") else ""
        return visible(said or str(error))
    except OSError as error:
        return str(error)
