"""How releases are told by REST, and how one is asked for."""

from collections import Counter
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from exports import plans
from exports.api.files import FileSerializer, described
from exports.changes import Changes
from exports.choice import Choice
from exports.hindrances import MAY_PASS, WHO, Hindrance
from exports.models import Release, ReleaseOverride, ReleaseStudy

LISTED = 1_000
FILTERS = (
    *("domains", "strategies", "languages", "countries", "sources", "expected_actions", "pairs"),
)


class Words(serializers.ListField):
    """Some of what there is; empty means all."""

    child = serializers.CharField(max_length=120)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LISTED, **kwargs)


class AskedSerializer(serializers.Serializer[Any]):
    """A release to be made. Domains, strategies and studies are slugs, sources and pairs are ids
    ("none" among the sources: written here); what is left out is not narrowed.
    """

    name = serializers.CharField(max_length=80)
    version = serializers.CharField(max_length=20)
    description = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    domains, strategies, languages, countries = Words(), Words(), Words(), Words()
    sources, expected_actions, pairs, studies = Words(), Words(), Words(), Words()
    overrides = serializers.DictField(
        child=serializers.CharField(max_length=2_000),
        required=False,
        help_text=f"A reason for each kind of hindrance that is let pass: {', '.join(MAY_PASS)}.",
    )

    @property
    def asked(self) -> dict[str, Any]:
        """As the action takes it."""
        more = ("version", "description", "overrides")
        said = self.validated_data
        return self.content | {name: said[name] for name in more if name in said}

    @property
    def content(self) -> dict[str, Any]:
        """What it is to hold."""
        said = self.validated_data
        choice = Choice(**{name: tuple(said.get(name, ())) for name in FILTERS})
        return {"name": said["name"], "choice": choice, "studies": said.get("studies", ())}


class OverrideSerializer(serializers.ModelSerializer[ReleaseOverride]):
    """A hindrance that somebody let pass, and why."""

    class Meta:
        model = ReleaseOverride
        fields = ("kind", "reason", "n_rows", "at")


class ReleaseStudySerializer(serializers.ModelSerializer[ReleaseStudy]):
    """A study that goes with the release, as it stood at `frozen_at`."""

    study = serializers.CharField(source="slug")

    class Meta:
        model = ReleaseStudy
        fields = (
            *("study", "name", "digest", "n_ratings", "n_preferences", "n_verdicts", "frozen_at"),
        )


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """A release as it is listed."""

    n_pairs = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields: tuple[str, ...] = (
            *("id", "name", "version", "description", "filters", "n_pairs", "digest"),
            *("is_sample", "created_at", "withdrawn_at", "withdrawn_reason"),
        )
        read_only_fields = fields

    def get_n_pairs(self, release: Release) -> int:
        counted: int | None = getattr(release, "n_pairs", None)
        return release.entries.count() if counted is None else counted


class ChangedSerializer(serializers.Serializer[Any]):
    """A pair that is not the same, and in what."""

    pair = serializers.CharField()
    what = serializers.ListField(child=serializers.CharField())


class ChangesSerializer(serializers.Serializer[Any]):
    """Since the last release of the name. Lists name the first thousand pairs by id."""

    since = serializers.CharField()
    n_added = serializers.IntegerField()
    n_removed = serializers.IntegerField()
    n_changed = serializers.IntegerField()
    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())
    changed = ChangedSerializer(many=True)


class ManifestSerializer(ReleaseSerializer):
    """A release with what was frozen with it, and its files; a withdrawn one has none."""

    splits = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()
    overrides = OverrideSerializer(many=True, read_only=True)
    studies = ReleaseStudySerializer(source="release_studies", many=True, read_only=True)
    files = serializers.SerializerMethodField()

    class Meta(ReleaseSerializer.Meta):
        fields = (
            *ReleaseSerializer.Meta.fields,
            *("splits", "changes", "overrides", "studies", "files"),
        )
        read_only_fields = fields

    def get_splits(self, release: Release) -> dict[str, int]:
        """Pairs by split; "" where the corpus had none."""
        return dict(Counter(release.entries.values_list("split", flat=True)))

    @extend_schema_field(ChangesSerializer(allow_null=True))
    def get_changes(self, release: Release) -> dict[str, Any] | None:
        found = plans.changed_since(release)
        return None if found is None else told(found, since=release.previous)

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, release: Release) -> list[dict[str, Any]]:
        return [] if release.is_withdrawn else described(release)


class RowSerializer(serializers.Serializer[Any]):
    """Something to look at."""

    what = serializers.CharField()
    url = serializers.CharField()


class HindranceSerializer(serializers.Serializer[Any]):
    """What keeps a release from being made, and the first rows to look at."""

    kind = serializers.CharField()
    title = serializers.CharField()
    severity = serializers.ChoiceField(choices=["never", "overridable"])
    who_may_override = serializers.SerializerMethodField()
    n_rows = serializers.IntegerField()
    rows = RowSerializer(many=True)
    mend = serializers.CharField()

    def get_who_may_override(self, hindrance: Hindrance) -> list[str]:
        return [WHO] if hindrance.may_be_overridden else []


class HinderedSerializer(serializers.Serializer[Any]):
    """Why it was not made."""

    detail = serializers.CharField()
    hindrances = HindranceSerializer(many=True)


class PlanSerializer(serializers.Serializer[plans.Plan]):
    """What a release would be, before it is made."""

    n_pairs = serializers.IntegerField()
    proposed_version = serializers.CharField(source="proposed")
    changes = serializers.SerializerMethodField()
    hindrances = HindranceSerializer(many=True)

    @extend_schema_field(ChangesSerializer(allow_null=True))
    def get_changes(self, plan: plans.Plan) -> dict[str, Any] | None:
        return told(plan.changes, since=plan.previous) if plan.previous else None


class WithdrawSerializer(serializers.Serializer[Any]):
    """Why a release must not be used any more."""

    reason = serializers.CharField(max_length=2_000)


def told(changes: Changes, *, since: Release | None) -> dict[str, Any]:
    """As `ChangesSerializer` describes it."""
    return {
        "since": str(since),
        "n_added": len(changes.added),
        "n_removed": len(changes.removed),
        "n_changed": len(changes.changed),
        "added": list(changes.added)[:LISTED],
        "removed": list(changes.removed)[:LISTED],
        "changed": [
            {"pair": each.pair, "what": list(each.what)} for each in changes.changed[:LISTED]
        ],
    }
