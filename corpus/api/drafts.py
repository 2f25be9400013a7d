"""REST: what is written in a draft, in and out."""

from typing import Any

from rest_framework import serializers

from corpus.actions import Fields
from corpus.models import Comment, Domain, Strategy, Version
from corpus.models.prompts import ExpectedAction


class TurnAsJson(serializers.Serializer[dict[str, str]]):
    role = serializers.ChoiceField(choices=["user", "assistant"])
    content = serializers.CharField(trim_whitespace=False, allow_blank=True)


class DraftAsJson(serializers.Serializer[Version]):
    """What is left out stays as it is stored; in a new pair it is empty."""

    messages = TurnAsJson(many=True, required=False)
    language = serializers.CharField(required=False, max_length=10)
    country = serializers.CharField(required=False, allow_blank=True, max_length=2)
    domain: serializers.SlugRelatedField[Domain] = serializers.SlugRelatedField(
        slug_field="slug", queryset=Domain.objects.all(), required=False, allow_null=True
    )
    category = serializers.CharField(required=False, allow_blank=True, max_length=120)
    strategy: serializers.SlugRelatedField[Strategy] = serializers.SlugRelatedField(
        slug_field="slug", queryset=Strategy.objects.all(), required=False, allow_null=True
    )
    expected_action = serializers.ChoiceField(
        choices=ExpectedAction.choices, required=False, allow_blank=True
    )
    response = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)

    def written(self, stored: Version | None = None) -> Fields:
        """For the action that saves it."""
        values: dict[str, Any] = {
            name: value
            for name, value in self.validated_data.items()
            if name in Fields.__dataclass_fields__
        }
        if "messages" in values:
            values["messages"] = [dict(turn) for turn in values["messages"]]
        before = Fields.of(stored) if stored else Fields()
        return Fields(**{**vars(before), **values})


class SavedDraftAsJson(DraftAsJson):
    """`lock_version` as it was read: a draft saved since then is answered with 409."""

    lock_version = serializers.IntegerField(min_value=1)


class CommentAsJson(serializers.ModelSerializer[Comment]):
    """A comment or a request, and where it stands (open, addressed or resolved)."""

    author = serializers.CharField(source="author.name", read_only=True)
    state = serializers.CharField(read_only=True)

    class Meta:
        model = Comment
        fields: tuple[str, ...] = (
            "id",
            "author",
            "kind",
            "is_blocking",
            "passage",
            "body",
            "state",
            "created_at",
        )
        read_only_fields: tuple[str, ...] = fields


class VersionAsJson(serializers.ModelSerializer[Version]):
    """A version as it is stored."""

    messages = TurnAsJson(many=True, read_only=True)
    domain = serializers.CharField(source="domain.slug", read_only=True, allow_null=True)
    strategy = serializers.CharField(source="strategy.slug", read_only=True, allow_null=True)
    author = serializers.CharField(source="author.name", read_only=True)
    decided_by = serializers.CharField(source="decided_by.name", read_only=True, allow_null=True)
    expected_action = serializers.ChoiceField(
        choices=ExpectedAction.choices, read_only=True, allow_blank=True
    )

    class Meta:
        model = Version
        fields: tuple[str, ...] = (
            "id",
            "pair",
            "number",
            "is_latest",
            "status",
            "author",
            "messages",
            "language",
            "country",
            "domain",
            "category",
            "strategy",
            "expected_action",
            "response",
            "lock_version",
            "created_at",
            "saved_at",
            "submitted_at",
            "decided_at",
            "decided_by",
            "decision_reason",
            "digest",
            "best_before",
            "prompt",
        )
        read_only_fields: tuple[str, ...] = fields
