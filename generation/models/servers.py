"""Servers that a GPU host keeps running: what is wanted, and what its keeper last saw."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gate.identity import Identified
from generation.models.places import Endpoint, LanguageModel

AWAY = timedelta(seconds=30)


class KeeperQuerySet(models.QuerySet["Keeper"]):
    """Reads that chain."""

    def at_work(self, at: datetime) -> Self:
        """Those that were seen lately."""
        return self.filter(seen_at__gt=at - AWAY).order_by("host")


class Keeper(models.Model):
    """The process of a GPU host that starts, watches and stops its servers."""

    host = models.CharField(max_length=120, primary_key=True)
    gpus = models.CharField(max_length=200, blank=True)  # "0,1,2,3"
    seen_at = models.DateTimeField()
    # Which of the processes that may want to keep this host does so, and what a person calls it.
    holder = models.CharField(max_length=22, blank=True, default="")
    process = models.CharField(max_length=300, blank=True, default="")  # "process 7 on gpu-1"

    objects = KeeperQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["host"]

    def __str__(self) -> str:
        return self.host

    def is_there(self, at: datetime) -> bool:
        """Whether it was seen lately."""
        return at - self.seen_at < AWAY

    @property
    def gpu_numbers(self) -> list[int]:
        """The GPUs that it may give out."""
        return [int(each) for each in self.gpus.split(",") if each]


class ServerQuerySet(models.QuerySet["Server"]):
    """Reads that chain."""

    def of(self, endpoint: Endpoint) -> Self:
        return self.filter(model__endpoint=endpoint)

    def with_names(self) -> Self:
        return self.select_related("model__endpoint").order_by("host", "port")


class Server(Identified):
    """One model server on one host. People say what they want; the host's keeper makes it so."""

    class State(models.TextChoices):
        STOPPED = "stopped", _("Stopped")
        STARTING = "starting", _("Starting")
        READY = "ready", _("Ready")
        CRASHED = "crashed", _("Crashed, starting again")
        FAILED = "failed", _("Cannot be started")

    model = models.ForeignKey(LanguageModel, models.PROTECT, related_name="servers")
    host = models.CharField(max_length=120)  # the keeper's name, HOST_NAME
    port = models.PositiveIntegerField()
    gpus = models.CharField(max_length=120, blank=True)  # "0,1"; empty: no GPU is asked for
    is_wanted = models.BooleanField(default=True)
    # Raised by "start again": the keeper restarts a server that it started for an earlier one.
    wish = models.PositiveIntegerField(default=1)
    wished_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    state = models.CharField(max_length=10, choices=State.choices, default=State.STOPPED)
    granted_wish = models.PositiveIntegerField(default=0)
    pid = models.PositiveIntegerField(null=True)
    n_crashes = models.PositiveIntegerField(default=0)
    adapters = models.JSONField(default=list)  # names that are loaded
    engine = models.CharField(max_length=60, blank=True)
    last_error = models.TextField(blank=True)
    log_tail = models.TextField(blank=True)
    ready_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # by its keeper
    # Until when somebody works with it; an unused one that nobody pinned is stopped.
    needed_until = models.DateTimeField(null=True)
    is_pinned = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = ServerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["host", "port"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "port"], name="one_server_per_port"),
            models.UniqueConstraint(fields=["host", "model"], name="one_server_per_model_and_host"),
            models.CheckConstraint(
                condition=Q(port__gte=1024, port__lte=65535), name="server_port_in_range"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False), name="ready_has_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} on {self.host}:{self.port}"

    @property
    def is_up(self) -> bool:
        """Whether there is, or will be, a process to stop."""
        return self.is_wanted or self.state not in (self.State.STOPPED, self.State.FAILED)


class ServerGpu(models.Model):
    """A GPU in the hands of a server or of another job: one of them can hold it, whoever asks."""

    server = models.ForeignKey(Server, models.CASCADE, null=True, related_name="held_gpus")
    # Without a server: whose it is, by id, and what a person calls that.
    holder = models.CharField(max_length=22, blank=True, default="")
    holder_name = models.CharField(max_length=200, blank=True, default="")
    host = models.CharField(max_length=120)
    gpu = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["host", "gpu"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "gpu"], name="one_server_per_gpu"),
            models.CheckConstraint(
                condition=(Q(server__isnull=False, holder=""))
                | (Q(server__isnull=True) & ~Q(holder="")),
                name="gpu_has_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}: GPU {self.gpu}"
