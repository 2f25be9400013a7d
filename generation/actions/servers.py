"""Servers on GPU hosts: what people and workers want, and what a host's keeper reports."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from accounts.actions import record
from accounts.models import User
from gate.text import visible
from generation.actions.refusals import Refusal
from generation.models import Keeper, LanguageModel, Server, ServerGpu
from generation.models.servers import AWAY

N_PORTS = 800  # of a host, from settings.SERVER_FIRST_PORT on
NEEDED = timedelta(minutes=15)
LOG_CHARS = 8000


class NoRoom(Refusal):
    """The host has no free port or GPU."""


class KeptAlready(Refusal):
    """Another keeper has the host's servers in its hands."""

    http_status = 409

    def __init__(self, host: str, other: Keeper | None) -> None:
        self.process = other.process if other else ""
        super().__init__(
            gettext(
                "The servers of %(host)s are kept already, by %(other)s. Two would start and stop "
                "each other's servers. Stop that one first, or, if it is on another machine, give "
                "this one a HOST_NAME of its own."
            )
            % {"host": host, "other": self.process or gettext("another keeper")}
        )


def served_by(model: LanguageModel) -> LanguageModel:
    """Whose server answers for the model: an adapter's base, or the model itself."""
    return model.base or model


@transaction.atomic
def want(
    *, by: User | None, model: LanguageModel, host: str, at: datetime, is_pinned: bool = True
) -> Server:
    """Have the model's server run on the host. Pinned, it stays until somebody stops it."""
    base = served_by(model)
    if base.endpoint is None or not base.endpoint.is_supervised:
        raise Refusal(
            gettext("'%(base)s' answers at an endpoint that is not started by the Studio.")
            % {"base": base}
        )
    server = _row(base, host, at)
    server.is_wanted, server.is_pinned = True, is_pinned or server.is_pinned
    server.wished_by = by
    if server.state == Server.State.FAILED:
        server.wish = F("wish") + 1
    server.save(update_fields=["is_wanted", "is_pinned", "wished_by", "wish"])
    record(by=by, verb="server wanted", target=server.pk, note=str(server))
    server.refresh_from_db()
    return server


def start_server(*, by: User, model: LanguageModel, host: str, at: datetime) -> Server:
    """What a person asks for: the keeper of that host has to be at work."""
    there = Keeper.objects.at_work(at)
    if host not in {each.host for each in there}:
        known = ", ".join(each.host for each in there)
        said = (
            gettext("No keeper is at work on '%(host)s'. Choose one of: %(known)s.")
            if known
            else gettext("No keeper is at work on '%(host)s'. Start one: manage.py keep_servers.")
        )
        raise Refusal(said % {"host": host, "known": known})
    return want(by=by, model=model, host=host, at=at)


@transaction.atomic
def need(*, model: LanguageModel, host: str, at: datetime) -> Server:
    """A worker is about to ask the model. The server runs at least a quarter of an hour more."""
    server = _row(served_by(model), host, at)
    Server.objects.filter(pk=server.pk).update(is_wanted=True, needed_until=at + NEEDED)
    server.refresh_from_db()
    return server


@transaction.atomic
def start_again(*, by: User | None, server: Server) -> None:
    """Stop it and start it anew, for instance after a setting of its model was changed."""
    Server.objects.filter(pk=server.pk).update(
        is_wanted=True, wish=F("wish") + 1, wished_by=by, n_crashes=0
    )
    record(by=by, verb="server restarted", target=server.pk, note=str(server))


@transaction.atomic
def let_go(*, by: User | None, server: Server) -> None:
    """Stop it. A run that asks its model starts it again."""
    Server.objects.filter(pk=server.pk).update(
        is_wanted=False, is_pinned=False, needed_until=None, wished_by=by
    )
    record(by=by, verb="server stopped", target=server.pk, note=str(server))


def stop_unneeded(*, host: str, at: datetime) -> int:
    """Servers that nobody pinned and no worker needs any more."""
    rows = Server.objects.filter(host=host, is_wanted=True, is_pinned=False)
    return rows.exclude(needed_until__gte=at).update(is_wanted=False)


def report(server: Server, **seen: Any) -> None:
    """What the keeper sees of it now."""
    if "log_tail" in seen:
        seen["log_tail"] = visible(seen["log_tail"])[-LOG_CHARS:]
    if "last_error" in seen:
        seen["last_error"] = visible(seen["last_error"])[:2000]
    Server.objects.filter(pk=server.pk).update(**seen)


def be_there(
    *, host: str, gpus: Sequence[int], at: datetime, holder: str = "", process: str = ""
) -> None:
    """The keeper's sign of life. Refused while another keeper of the host gives its own."""
    seen = {"gpus": ",".join(map(str, gpus)), "seen_at": at, "holder": holder, "process": process}
    rows = Keeper.objects.filter(host=host)
    if rows.filter(Q(holder=holder) | Q(seen_at__lte=at - AWAY)).update(**seen):
        return
    try:
        with transaction.atomic():
            Keeper.objects.create(host=host, **seen)
    except IntegrityError:
        raise KeptAlready(host, rows.first()) from None


def be_gone(*, host: str, holder: str) -> None:
    """The keeper ends; another one may begin at once."""
    Keeper.objects.filter(host=host, holder=holder).delete()


def hold_gpus(server: Server, gpus: Sequence[int], *, wanted: int) -> list[int]:
    """GPUs of the host for this server alone; `NoRoom` if too few are free.

    The database lets one server hold a GPU, whoever asks at the same time.
    """
    held = list(server.held_gpus.values_list("gpu", flat=True))
    if len(held) == wanted and set(held) <= set(gpus):
        return sorted(held)
    release_gpus(server)
    as_ours = partial(ServerGpu, server=server, host=server.host)
    return _take(server.host, gpus, wanted=wanted, name=str(server.model), as_ours=as_ours)


def hold_gpus_for(
    holder: str, *, name: str, host: str, gpus: Sequence[int], wanted: int
) -> list[int]:
    """GPUs of the host for a job that is no server, such as a training run; by its id."""
    held = ServerGpu.objects.filter(host=host, holder=holder).values_list("gpu", flat=True)
    if len(held) == wanted and set(held) <= set(gpus):
        return sorted(held)
    release_gpus_of(holder)
    as_ours = partial(ServerGpu, holder=holder, holder_name=name[:200], host=host)
    return _take(host, gpus, wanted=wanted, name=name, as_ours=as_ours)


def _take(
    host: str,
    gpus: Sequence[int],
    *,
    wanted: int,
    name: str,
    as_ours: Callable[..., ServerGpu],
) -> list[int]:
    """The first free ones. The database has the last word on who holds a GPU."""
    for _ in range(3):
        taken = set(ServerGpu.objects.filter(host=host).values_list("gpu", flat=True))
        free = [gpu for gpu in gpus if gpu not in taken][:wanted]
        if len(free) < wanted:
            raise NoRoom(
                gettext(
                    "%(name)s needs %(wanted)s GPUs and %(free)s of %(all)s are free on %(host)s. "
                    "Stop another server there."
                )
                % {
                    "name": name,
                    "wanted": wanted,
                    "free": len(free),
                    "all": len(gpus),
                    "host": host,
                }
            )
        try:
            with transaction.atomic():
                ServerGpu.objects.bulk_create([as_ours(gpu=gpu) for gpu in free])
        except IntegrityError:
            continue  # another one was quicker
        return free
    raise NoRoom(
        gettext("The GPUs of %(host)s are being taken by others. It is tried again.")
        % {"host": host}
    )


def release_gpus(server: Server) -> None:
    ServerGpu.objects.filter(server=server).delete()


def release_gpus_of(holder: str) -> None:
    ServerGpu.objects.filter(holder=holder).exclude(holder="").delete()


def _row(model: LanguageModel, host: str, at: datetime) -> Server:
    """The one row of this model on this host, with a port of its own."""
    found = Server.objects.filter(model=model, host=host).first()
    for _ in range(3):
        if found:
            return found
        try:
            with transaction.atomic():
                return Server.objects.create(
                    model=model, host=host, port=_free_port(host), created_at=at, is_wanted=False
                )
        except IntegrityError:
            found = Server.objects.filter(model=model, host=host).first()
    raise NoRoom(gettext("No port is free for a server on %(host)s.") % {"host": host})


def _free_port(host: str) -> int:
    taken = set(Server.objects.filter(host=host).values_list("port", flat=True))
    first = settings.SERVER_FIRST_PORT
    for port in range(first, min(first + N_PORTS, 65_536)):
        if port not in taken:
            return port
    raise NoRoom(gettext("No port is free for a server on %(host)s.") % {"host": host})
