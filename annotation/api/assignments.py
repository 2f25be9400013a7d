"""A rater's own items: reading one again, saving a draft, submitting, skipping."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from annotation import screens, strategies
from annotation.actions import drafts, submission, undoing
from annotation.answers import Unfit
from annotation.api.rubrics import CriterionOut
from annotation.models import Assignment
from gate.api import Place
from gate.text import problem


class AnswerOut(serializers.Serializer[Any]):
    slot = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    before = serializers.ListField(
        child=serializers.DictField(), help_text="Turns of this answer's own, after the prompt's."
    )


class PromptOut(serializers.Serializer[Any]):
    messages = serializers.ListField(child=serializers.DictField())
    language = serializers.CharField()


class StrategyOut(serializers.Serializer[Any]):
    """A strategy that can be named in `words`; beside them, "none" (that I know)."""

    slug = serializers.CharField()
    name = serializers.CharField()


class AssignmentOut(serializers.Serializer[Any]):
    """An item as its rater sees it. Nothing in it tells where an answer comes from."""

    id = serializers.CharField()
    token = serializers.CharField()
    lease_expires_at = serializers.DateTimeField(allow_null=True)
    prompt = PromptOut()
    answers = AnswerOut(many=True)
    criteria = CriterionOut(many=True)
    strategies = StrategyOut(many=True)


class NextOut(serializers.Serializer[Any]):
    assignment = AssignmentOut(allow_null=True)
    reason = serializers.ChoiceField(
        ["done", "wait", "closed", "undeclared", "practice", "break", "cap"], required=False
    )


class RatingIn(serializers.Serializer[Any]):
    """By the criterion's kind: `value`, a point of the scale; `picked`, several; or `words`.

    `value` may always be "cannot_judge" or "outside". The slot of a criterion about the prompt is
    "prompt". What is not asked (`ask_when`) is left out; if it is sent, it is dropped.
    """

    slot = serializers.CharField()
    criterion = serializers.CharField()
    value = serializers.JSONField(required=False, allow_null=True)
    picked = serializers.ListField(
        child=serializers.IntegerField(), required=False, allow_null=True
    )
    words = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    rationale = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class DraftIn(serializers.Serializer[Any]):
    token = serializers.CharField()
    ratings = RatingIn(many=True, required=False)
    preference = serializers.CharField(allow_null=True, required=False)


class SubmitIn(serializers.Serializer[Any]):
    """`preference` is a slot, "equal" or "both_unacceptable", or null where none is asked."""

    token = serializers.CharField()
    ratings = RatingIn(many=True)
    preference = serializers.CharField(allow_null=True, required=False)
    reason = serializers.CharField(required=False, help_text="Of the preference, if it is asked.")


class SkipIn(serializers.Serializer[Any]):
    token = serializers.CharField()


class ReceiptOut(serializers.Serializer[Any]):
    assignment = serializers.CharField()
    state = serializers.ChoiceField(["submitted", "skipped", "leased"])
    at = serializers.DateTimeField()


class OwnOut(serializers.ModelSerializer[Assignment]):
    """An assignment in the list of one's own."""

    class Meta:
        model = Assignment
        fields = ("id", "study", "state", "lease_expires_at", "finished_at", "created_at")
        read_only_fields = fields


def shape(assignment: Assignment) -> dict[str, Any]:
    """The REST shape of an item; `AssignmentOut` describes it."""
    screen, sheet = screens.of(assignment), assignment.study.sheet
    return {
        "id": assignment.pk,
        "token": assignment.token,
        "lease_expires_at": assignment.lease_expires_at,
        "prompt": {"messages": screen.messages, "language": screen.language},
        "answers": [asdict(shown) for shown in screen.answers],
        "criteria": sheet.as_json,
        "strategies": [asdict(each) for each in strategies.offered(assignment.item_id, sheet)],
    }


class AssignmentPlace(mixins.ListModelMixin, mixins.RetrieveModelMixin, Place):
    """One's own assignments; those of others do not exist here (404)."""

    queryset = Assignment.objects.all()
    serializer_class = OwnOut
    query_parameters = frozenset({"study"})
    permissions: ClassVar[dict[str, str]] = {
        "read": "assignments.rate",
        "write": "assignments.rate",
    }

    def get_queryset(self) -> QuerySet[Assignment]:
        if getattr(self, "swagger_fake_view", False):
            return Assignment.objects.none()
        mine = Assignment.objects.of(person(self.request))
        if study := self.request.query_params.get("study"):
            mine = mine.filter(study=study)
        return mine if self.action == "list" else mine.to_work_on().select_related("item__prompt")

    @extend_schema(responses=AssignmentOut)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The item again, with the draft while it is unfinished."""
        assignment = self.get_object()
        return Response(shape(assignment) | {"state": assignment.state, "draft": assignment.draft})

    @extend_schema(request=DraftIn, responses=ReceiptOut)
    @action(detail=True, methods=["put"])
    def draft(self, request: Request, pk: str) -> Response:
        """Keep unfinished answers and prolong the lease."""
        body = _body(request)
        assignment = self.get_object()
        at = drafts.save(assignment=assignment, token=_token(body), body=body, at=timezone.now())
        return Response({"assignment": assignment.pk, "state": "leased", "at": at})

    @extend_schema(
        request=SubmitIn,
        responses=ReceiptOut,
        parameters=[
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)
        ],
    )
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Take the answers, once. The same key with the same body gets the same answer again."""
        key, body = _key(request), _body(request)
        assignment = self.get_object()
        try:
            receipt = submission.submit(
                assignment=assignment,
                rater=assignment.rater,
                token=_token(body),
                key=key,
                ratings=body.get("ratings"),
                preference=body.get("preference"),
                reason=body.get("reason"),
                at=timezone.now(),
            )
        except Unfit as refused:
            return Response({"detail": str(refused), "errors": refused.errors}, status=422)
        at = receipt.submitted_at
        return Response({"assignment": receipt.assignment, "state": "submitted", "at": at})

    @extend_schema(request=None, responses=ReceiptOut)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take back what was sent last: a draft again, under a new token."""
        at, assignment = timezone.now(), self.get_object()
        undoing.undo(assignment=assignment, at=at)
        return Response({"assignment": assignment.pk, "state": "leased", "at": at})

    @extend_schema(request=SkipIn, responses=ReceiptOut)
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """Leave the item to others. No reason is asked."""
        token, at = _token(_body(request)), timezone.now()
        assignment = self.get_object()
        submission.skip(assignment=assignment, token=token, at=at)
        return Response({"assignment": assignment.pk, "state": "skipped", "at": at})


def _body(request: Request) -> dict[str, Any]:
    if not isinstance(request.data, dict):
        raise ParseError("Send a JSON object.")
    return request.data


def _token(body: dict[str, Any]) -> str:
    token = body.get("token")
    if not isinstance(token, str) or not token:
        raise ParseError("'token' is missing: send the token of the assignment.")
    return token


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise ParseError(
            "The header Idempotency-Key is missing. Send a fresh random one for each item, and "
            "the same one when you send the same answers again."
        )
    if len(key) > submission.MAX_KEY or problem(key):
        raise ParseError(f"The Idempotency-Key is longer than {submission.MAX_KEY} characters.")
    return key
