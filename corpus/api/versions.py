"""REST: versions, and the moves of their life."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import proof
from accounts.permissions import person
from corpus import actions, listing
from corpus.api import filters
from corpus.api.drafts import CommentAsJson, SavedDraftAsJson, VersionAsJson
from corpus.api.inspected import Inspected, RemarkAsJson
from corpus.models import Approval, Comment, Version
from corpus.signatures import signature

FILTERS = ("pair", *filters.NAMES)
PARAMETERS = [OpenApiParameter("pair", str, description="An id."), *filters.PARAMETERS]


class SignatureAsJson(serializers.ModelSerializer[Approval]):
    """Who signed which text. It counts where its digest is the version's `signature`."""

    reviewer = serializers.CharField(source="reviewer.name", read_only=True)

    class Meta:
        model = Approval
        fields = ("id", "reviewer", "signed_at", "method", "digest", "reason", "best_before")
        read_only_fields = fields


class WholeVersionAsJson(VersionAsJson):
    """With the remarks on it, and who signed it."""

    comments = CommentAsJson(many=True, read_only=True)
    approvals = SignatureAsJson(many=True, read_only=True)
    approvals_needed = serializers.IntegerField(
        source="domain.approvals_needed", read_only=True, default=1
    )
    signature = serializers.SerializerMethodField()

    def get_signature(self, version: Version) -> str:
        """The digest that a signature under the version as it is now bears."""
        return version.digest or signature(version)

    class Meta(VersionAsJson.Meta):
        fields = (
            *VersionAsJson.Meta.fields,
            "comments",
            "signature",
            "approvals_needed",
            "approvals",
        )
        read_only_fields = fields


class ReasonAsJson(serializers.Serializer[Any]):
    """`lock_version` as it was read, so that what is decided on is what was read."""

    reason = serializers.CharField(required=False, default="", allow_blank=True)
    lock_version = serializers.IntegerField(required=False, min_value=1)


class ApprovalAsJson(ReasonAsJson):
    """Signed with the password of the person whose token or session asks; a passkey signs on the
    page only.
    """

    best_before = serializers.DateField(required=False, allow_null=True)
    password = serializers.CharField(
        required=False, default="", allow_blank=True, trim_whitespace=False, write_only=True
    )


class Versions(ListModelMixin, RetrieveModelMixin, Inspected):
    """Versions of pairs, newest first."""

    permissions = {
        "read": "pairs.read",
        "write": "pairs.write",
        "approve": "pairs.review",
        "request_changes": "pairs.review",
        "reject": "pairs.review",
        # And, as the action asks, to write or review.
        "comment": "pairs.read",
        "start_thread": "pairs.read",
        "check": "pairs.read",
    }
    query_parameters = frozenset(FILTERS)
    queryset = Version.objects.none()
    serializer_class = VersionAsJson

    def get_queryset(self) -> QuerySet[Version]:
        user = person(self.request)
        rows = Version.objects.visible_to(user).with_people()
        if self.action == "retrieve":
            said = Comment.objects.with_state().select_related("author")
            signed = Approval.objects.select_related("reviewer")
            rows = rows.prefetch_related(Prefetch("comments", said), Prefetch("approvals", signed))
        if self.action == "list":
            if pair := self.request.query_params.get("pair"):
                rows = rows.filter(pair=pair)
            asked = filters.asked(self.request)
            rows = listing.narrowed(rows, asked, user=user, on=timezone.now().date())
        return rows

    @extend_schema(parameters=PARAMETERS)
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=WholeVersionAsJson)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        return Response(WholeVersionAsJson(self.get_object()).data)

    @extend_schema(request=SavedDraftAsJson, responses=VersionAsJson)
    def update(self, request: Request, pk: str) -> Response:
        """Save a draft. 409 if it was saved since `lock_version` was read."""
        version = self.get_object()
        draft = SavedDraftAsJson(data=request.data)
        draft.is_valid(raise_exception=True)
        saved = actions.save_draft(
            by=person(request),
            version=version,
            fields=draft.written(version),
            lock_version=draft.validated_data["lock_version"],
            at=timezone.now(),
        )
        return Response(VersionAsJson(saved).data)

    @extend_schema(request=None, responses=VersionAsJson)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Send for review. 422 says what is missing."""
        sent = actions.submit(by=person(request), version=self.get_object(), at=timezone.now())
        return Response(VersionAsJson(sent).data)

    @extend_schema(request=None, responses=VersionAsJson)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take back what was sent, as long as nobody decided."""
        draft = actions.withdraw_submission(
            by=person(request), version=self.get_object(), at=timezone.now()
        )
        return Response(VersionAsJson(draft).data)

    @extend_schema(request=ApprovalAsJson, responses=VersionAsJson)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Sign a version that somebody else wrote. A token alone does not sign: 422 without the
        person's `password`, 429 after too many wrong ones. It stays in review until as many people
        have signed as its domain asks.
        """
        body = ApprovalAsJson(data=request.data)
        body.is_valid(raise_exception=True)
        proof.by_password(request._request, person(request), body.validated_data.pop("password"))
        return self._decided(request, partial(actions.approve, method="password"), body)

    @extend_schema(request=ReasonAsJson, responses=VersionAsJson)
    @action(detail=True, methods=["post"], url_path="request-changes")
    def request_changes(self, request: Request, pk: str) -> Response:
        """Back to the author, with a reason."""
        return self._decided(request, actions.request_changes, ReasonAsJson(data=request.data))

    @extend_schema(request=ReasonAsJson, responses=VersionAsJson)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Out of the corpus, with a reason."""
        return self._decided(request, actions.reject, ReasonAsJson(data=request.data))

    @extend_schema(request=RemarkAsJson, responses={201: CommentAsJson})
    @action(detail=True, methods=["post"])
    def comment(self, request: Request, pk: str) -> Response:
        """Say something about a version."""
        return Response(CommentAsJson(self._said(request)).data, status=201)

    def _decided(
        self,
        request: Request,
        decide: Callable[..., Version],
        body: serializers.Serializer[Any],
    ) -> Response:
        body.is_valid(raise_exception=True)
        decided = decide(
            by=person(request),
            version=self.get_object(),
            at=timezone.now(),
            **body.validated_data,
        )
        return Response(VersionAsJson(decided).data)
