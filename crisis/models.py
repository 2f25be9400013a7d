"""Resources, who verified them, and what was changed when. Reads are QuerySet methods."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crisis import table
from crisis.entries import EVERYWHERE, Channel, Entry, Standing
from gate.identity import Identified
from gate.text import digest

REMIND = timedelta(days=14)


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Reads that chain; `on` is the day that is asked about."""

    def live(self) -> Self:
        return self.filter(retired_on__isnull=True)

    def verified(self, on: date) -> Self:
        """By two people, and not yet to be checked again."""
        return self.live().filter(verified_on__isnull=False, recheck_by__gte=on)

    def unverified(self) -> Self:
        return self.live().filter(verified_on__isnull=True)

    def stale(self, on: date) -> Self:
        """Verified once; the day of the next check has passed."""
        return self.live().filter(recheck_by__lt=on)

    def worn(self, on: date) -> Self:
        """Not to be named as it stands: retired, or overdue to be checked again."""
        return self.filter(Q(retired_on__isnull=False) | Q(recheck_by__lt=on))

    def due(self, on: date) -> Self:
        """To be checked again within two weeks, or overdue."""
        return self.live().filter(recheck_by__lte=on + REMIND)

    def for_country(self, country: str) -> Self:
        """What serves this country, with what serves everywhere."""
        return self.filter(Q(countries__contains=country) | Q(countries__contains=EVERYWHERE))

    def for_domain(self, domain: str) -> Self:
        """What is meant for this risk domain (its slug), with what is meant for any."""
        padded = Concat(Value(";"), F("domains"), Value(";"), output_field=models.CharField())
        return self.annotate(padded=padded).filter(
            Q(domains="") | Q(padded__contains=f";{domain};")
        )

    def entries(self, on: date) -> list[Entry]:
        """The directory as the finder takes it. One query."""
        return [resource.entry(on) for resource in self]


class Resource(Identified):
    """One way to reach a helpline or service. Unverified until two people have checked it."""

    CHANNELS: ClassVar = [(each.value, each.label) for each in Channel]

    name = models.CharField(max_length=200)
    alternate_name = models.CharField(max_length=300, blank=True)  # several, by semicolons
    organisation = models.CharField(max_length=200, blank=True)
    countries = models.CharField(max_length=200)  # "GB;IE", or "*" for everywhere
    languages = models.CharField(max_length=200, blank=True)
    audience = models.CharField(max_length=200, blank=True)
    domains = models.CharField(max_length=200, blank=True)  # slugs of risk domains
    channel = models.CharField(max_length=10, choices=CHANNELS)
    contact = models.CharField(max_length=300)  # as a person would type it
    keyword = models.CharField(max_length=200, blank=True)  # what a text line wants to be sent
    hours = models.CharField(max_length=200, blank=True)
    cost = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    source_url = models.CharField(max_length=500, blank=True)
    is_sample = models.BooleanField(default=False)

    # A change and a re-check begin a new round, in which two people check the row anew.
    round = models.PositiveIntegerField(default=1)
    verified_on = models.DateField(null=True, blank=True)
    recheck_by = models.DateField(null=True, blank=True)
    first_verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second_verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    retired_on = models.DateField(null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    retired_reason = models.CharField(max_length=500, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "channel", "contact"], name="resource_contact_once"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[each.value for each in Channel]),
                name="resource_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    verified_on__isnull=True,
                    recheck_by__isnull=True,
                    first_verified_by__isnull=True,
                    second_verified_by__isnull=True,
                )
                | Q(
                    verified_on__isnull=False,
                    recheck_by__gt=F("verified_on"),
                    first_verified_by__isnull=False,
                    second_verified_by__isnull=False,
                ),
                name="resource_verified_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(first_verified_by__isnull=True)
                | ~Q(first_verified_by=F("second_verified_by")),
                name="resource_verified_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True, retired_reason="")
                | (Q(retired_on__isnull=False) & ~Q(retired_reason="")),
                name="resource_retired_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(retired_on__isnull=False),
                name="resource_replaced_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.contact}"

    def get_absolute_url(self) -> str:
        return reverse("corpus:resource", args=[self.pk])

    @property
    def country_list(self) -> tuple[str, ...]:
        return table.split(self.countries)

    def standing(self, on: date) -> Standing:
        """What people have made of the row by that day."""
        if self.retired_on:
            return Standing.RETIRED
        if self.recheck_by is None:
            return Standing.UNVERIFIED
        return Standing.STALE if self.recheck_by < on else Standing.VERIFIED

    def is_open_to_check(self, on: date) -> bool:
        """Nobody, or one person, has verified it yet; or it is due again."""
        if self.retired_on:
            return False
        return self.recheck_by is None or self.recheck_by <= on + REMIND

    def details(self) -> table.Details:
        return table.Details(**{name: getattr(self, name) for name in table.COLUMNS})

    @property
    def digest(self) -> str:
        """Of everything that a person verifies."""
        return digest(asdict(self.details()))

    def status(self, on: date) -> str:
        """For the last column of an export."""
        standing = self.standing(on)
        is_untouched = standing == Standing.UNVERIFIED and self.is_sample
        return "unverified sample" if is_untouched else standing.value

    def entry(self, on: date) -> Entry:
        return Entry(
            id=self.pk,
            name=self.name,
            countries=self.country_list,
            channel=self.channel,
            contact=self.contact,
            standing=self.standing(on),
            alternate_names=table.split(self.alternate_name),
            keyword=self.keyword,
            url=self.url,
        )


class Verification(Identified):
    """One person called, wrote or read, and found the row right. Two of a round verify it."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="verifications")
    round = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)  # how it was checked

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resource", "round", "by"], name="verification_once_per_person_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource}, round {self.round}"


class Change(Identified):
    """What happened to a row, for whoever asks later."""

    class Verb(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        RETIRED = "retired", _("Retired")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="changes")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verb__in=["added", "changed", "retired"]), name="change_verb_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource}: {self.verb}"
