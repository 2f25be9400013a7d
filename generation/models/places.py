"""Where models answer: endpoints, the models behind them, and what an administrator allows."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gate.identity import Identified
from generation.addresses import IPAddress, plain


class Endpoint(Identified):
    """Where models answer: an OpenAI-compatible URL, or a server that the worker starts itself."""

    class Kind(TextChoices):
        EXTERNAL = "external", _("A running server")
        TRANSFORMERS = "transformers", _("transformers serve, started by the worker")
        VLLM = "vllm", _("vLLM, started by the worker")

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.EXTERNAL)
    base_url = models.CharField(max_length=500, blank=True)  # ends before /v1
    # The *name* of the environment variable that holds the key; the key is never stored.
    api_key_variable = models.CharField(max_length=80, blank=True)
    # Requests of a run under way at once; null: as many as REQUESTS_IN_FLIGHT says, by each worker.
    max_in_flight = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind="external") | ~Q(base_url=""), name="external_endpoint_has_url"
            ),
            models.CheckConstraint(
                condition=Q(max_in_flight__isnull=True)
                | Q(max_in_flight__gte=1, max_in_flight__lte=1024),
                name="endpoint_in_flight_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("generation:endpoint", args=[self.pk])

    @property
    def is_supervised(self) -> bool:
        """Started and stopped by the worker, on its own machine."""
        return self.kind != self.Kind.EXTERNAL


class AllowedAddressQuerySet(models.QuerySet["AllowedAddress"]):
    """Reads that chain."""

    def places(self) -> frozenset[tuple[IPAddress, int]]:
        """Every address and port that may be spoken to. One query."""
        rows = self.values_list("found", "port")
        return frozenset((plain(each), port) for found, port in rows for each in found.split())


class AllowedAddress(Identified):
    """A private or loopback place that an administrator lets the Studio speak to.

    What is allowed are the addresses that the name had then: it may point elsewhere later.
    """

    host = models.CharField(max_length=253)  # a name or an IP address, as endpoints spell it
    port = models.PositiveIntegerField()
    found = models.CharField(max_length=500, default="")  # "10.0.0.5 10.0.0.6"
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = AllowedAddressQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["host", "port"]
        verbose_name_plural = "allowed addresses"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "port"], name="allowed_address_once"),
            models.CheckConstraint(
                condition=Q(port__gte=1, port__lte=65535), name="allowed_port_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


DTYPES = ("auto", "bfloat16", "float16", "float32")


class LanguageModel(Identified):
    """Weights (with revision and adapter) and the name under which an endpoint serves them.

    With `base`, it is an adapter: served by its base's server under its own name.
    """

    name = models.CharField(max_length=120, unique=True)
    # Null: the model was asked elsewhere and its answers were imported.
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, null=True, related_name="models")
    served_name = models.CharField(max_length=300, blank=True)
    revision = models.CharField(max_length=120, blank=True)
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="adapters")
    adapter_path = models.CharField(max_length=500, blank=True)  # a folder on the GPU host
    adapter_digest = models.CharField(max_length=64, blank=True)
    # How a supervised server is started; null leaves a setting to the server.
    max_model_len = models.PositiveIntegerField(null=True)
    max_num_seqs = models.PositiveIntegerField(null=True)
    tensor_parallel_size = models.PositiveSmallIntegerField(default=1)
    pipeline_parallel_size = models.PositiveSmallIntegerField(default=1)
    gpu_memory_utilization = models.FloatField(null=True)
    dtype = models.CharField(max_length=20, blank=True)
    reasoning_parser = models.CharField(max_length=40, blank=True)
    family = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(base__isnull=True) | ~Q(adapter_path=""), name="adapter_has_a_path"
            ),
            models.CheckConstraint(
                condition=Q(
                    tensor_parallel_size__gte=1,
                    tensor_parallel_size__lte=64,
                    pipeline_parallel_size__gte=1,
                    pipeline_parallel_size__lte=64,
                ),
                name="model_parallel_in_range",
            ),
            models.CheckConstraint(
                condition=Q(gpu_memory_utilization__isnull=True)
                | Q(gpu_memory_utilization__gt=0, gpu_memory_utilization__lte=1),
                name="model_gpu_memory_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(max_model_len__isnull=True) | Q(max_model_len__gte=1),
                name="model_length_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(max_num_seqs__isnull=True) | Q(max_num_seqs__gte=1),
                name="model_seqs_are_positive",
            ),
            models.CheckConstraint(condition=Q(dtype__in=["", *DTYPES]), name="model_dtype_known"),
            models.UniqueConstraint(
                fields=["base", "served_name"],
                condition=Q(base__isnull=False),
                name="adapter_name_once_per_base",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("generation:model", args=[self.pk])

    @property
    def is_used(self) -> bool:
        """Whether answers or verdicts came of it, or another model stands on it."""
        relations = [each for each in self._meta.related_objects if each.name != "servers"]
        return any(getattr(self, each.get_accessor_name() or "").exists() for each in relations)

    @property
    def family_guess(self) -> str:
        """The stated family, or the first word of the name."""
        return (self.family or self.name.replace("/", "-").split("-")[0]).lower()
