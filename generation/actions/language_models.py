"""Models: which weights are asked, and how a server of ours is started with them.

What decides the answers (name at the endpoint, revision, adapter, family) is fixed once something
came of it. How the server is started may change at any time.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import record
from accounts.models import User
from gate.text import accept
from generation import adapters
from generation.actions.refusals import (
    NameTaken,
    Refusal,
    name_taken_unless_unique,
    named,
)
from generation.commands import CommandRefused, adapter_word, word
from generation.models import DTYPES, Endpoint, Keeper, LanguageModel
from generation.starting import local

MAX_PARALLEL = 64
MAX_LENGTH = 10_000_000
MAX_SEQS = 65_536
FIELDS = {
    "served_name": gettext_lazy("served name"),
    "revision": gettext_lazy("revision"),
    "family": gettext_lazy("family"),
}


@dataclass(frozen=True)
class Serving:
    """How vLLM is started with a model; None and "" leave a setting to it."""

    max_model_len: int | None = None
    max_num_seqs: int | None = None
    tensor_parallel_size: int = 1
    pipeline_parallel_size: int = 1
    gpu_memory_utilization: float | None = None
    dtype: str = ""
    reasoning_parser: str = ""


@dataclass(frozen=True)
class Identity:
    """What decides a model's answers. With `base` it is an adapter, served by its base's server."""

    endpoint: Endpoint | None = None
    served_name: str = ""
    revision: str = ""
    family: str = ""
    base: LanguageModel | None = None
    adapter_path: str = ""
    adapter_digest: str = ""


PLAIN = Serving()


@transaction.atomic
def register_model(
    *,
    by: User | None,
    name: str,
    endpoint: Endpoint | None = None,
    served_name: str = "",
    revision: str = "",
    family: str = "",
    base: LanguageModel | None = None,
    adapter_path: str = "",
    adapter_digest: str = "",
    serving: Serving = PLAIN,
) -> LanguageModel:
    """Weights under a name. Without an endpoint their answers can only be imported."""
    name = named(name, _("A model needs a name."), limit=120)
    checked = _checked(
        Identity(endpoint, served_name, revision, family, base, adapter_path, adapter_digest)
    )
    model = LanguageModel(name=name, created_by=by, **vars(checked))
    _check_serving(serving, model)
    for field, value in asdict(serving).items():
        setattr(model, field, value)
    taken = _("A model named '%(name)s' is there already. Choose another name.") % {"name": name}
    with name_taken_unless_unique(taken):
        model.save(force_insert=True)
    record(by=by, verb="model registered", target=model.pk, note=name)
    return model


@transaction.atomic
def change_model(
    *,
    by: User,
    model: LanguageModel,
    serving: Serving,
    served_name: str,
    revision: str,
    family: str,
) -> list[str]:
    """The names of the fields that changed. Servers that run keep the earlier settings."""
    _check_serving(serving, model)
    _check_words(served_name, revision, family)
    said = {"served_name": served_name, "revision": revision, "family": family}
    identity = {field: value for field, value in said.items() if value != getattr(model, field)}
    if identity and model.is_used:
        raise Refusal(
            _(
                "Runs, judges or adapters use '%(model)s', so its %(fields)s cannot change any "
                "more: the same name would mean other weights. Register a new model."
            )
            % {"model": model, "fields": ", ".join(str(FIELDS[field]) for field in identity)}
        )
    if "served_name" in identity and not served_name:
        raise Refusal(_("Say under which name its endpoint serves this model."))
    changed = identity | {
        field: value for field, value in asdict(serving).items() if value != getattr(model, field)
    }
    if changed:
        LanguageModel.objects.filter(pk=model.pk).update(**changed)
        record(by=by, verb="model changed", target=model.pk, note=_listed(changed))
        model.refresh_from_db()
    return list(changed)


def _checked(identity: Identity) -> Identity:
    """Clean and consistent, an adapter's endpoint and digest filled in."""
    served_name = accept(identity.served_name.strip(), where=_("The served name"), limit=300)
    revision = accept(identity.revision.strip(), where=_("The revision"), limit=120)
    family = accept(identity.family.strip(), where=_("The family"), limit=60)
    _check_words(served_name, revision, family)
    endpoint = identity.base.endpoint if identity.base else identity.endpoint
    if endpoint and not served_name:
        raise Refusal(
            _("Say under which name the endpoint '%(endpoint)s' serves this model.")
            % {"endpoint": endpoint}
        )
    digest = identity.adapter_digest.strip().lower()
    if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Refusal(_("The adapter's digest is a SHA-256: 64 characters 0-9 and a-f."))
    path = accept(identity.adapter_path.strip(), where=_("The adapter's folder"), limit=500)
    if path and not identity.base:
        raise Refusal(
            _(
                "Choose the base model of the adapter. Weights into which it was merged need none: "
                "give their folder as the name at the endpoint."
            )
        )
    if identity.base:
        digest = _adapter_digest(identity.base, served_name, path, digest)
        family = family or identity.base.family
    return Identity(endpoint, served_name, revision, family, identity.base, path, digest)


def _adapter_digest(base: LanguageModel, served_name: str, path: str, given: str) -> str:
    """The digest of the adapter's files, as far as they can be read here."""
    if base.base_id:
        raise Refusal(
            _("'%(base)s' is an adapter itself. Choose its base model, '%(its_base)s'.")
            % {"base": base, "its_base": base.base}
        )
    if base.endpoint is None or base.endpoint.kind == Endpoint.Kind.TRANSFORMERS:
        raise Refusal(
            _("'%(base)s' is not served by vLLM, and only vLLM serves adapters by name.")
            % {"base": base}
        )
    if not path:
        raise Refusal(_("Say in which folder of the GPU host the adapter lies."))
    try:
        adapter_word(served_name, path)
    except CommandRefused as error:
        raise Refusal(str(error)) from None
    if served_name == base.served_name or base.adapters.filter(served_name=served_name).exists():
        raise NameTaken(
            _("'%(base)s' serves something else as '%(served_name)s'. Choose another name.")
            % {"base": base, "served_name": served_name}
        )
    try:
        found = adapters.digest(Path(local(path)))
    except adapters.NoAdapter as error:
        if _is_served_here(base.endpoint):
            raise Refusal(str(error)) from None
        return given
    if given and given != found:
        raise Refusal(
            _("The adapter in %(path)s has another SHA-256: %(found)s.")
            % {"path": path, "found": found}
        )
    return found


def _is_served_here(endpoint: Endpoint) -> bool:
    """Whether a keeper of this machine would have to read the adapter."""
    keeper = Keeper.objects.filter(host=settings.HOST_NAME).first()
    return endpoint.is_supervised and keeper is not None and keeper.is_there(timezone.now())


def _check_words(*said: str) -> None:
    """No name is read as an option of the command that starts a server."""
    try:
        for each in filter(None, said):
            word(each)
    except CommandRefused as error:
        raise Refusal(str(error)) from None


def _check_serving(serving: Serving, model: LanguageModel) -> None:
    """In range, and of use where the model is served."""
    ranges = {
        _("The longest context is a whole number from 1 to %(highest)s."): (
            serving.max_model_len,
            MAX_LENGTH,
        ),
        _("The number of requests at once is a whole number from 1 to %(highest)s."): (
            serving.max_num_seqs,
            MAX_SEQS,
        ),
        _("Tensor parallel is a whole number from 1 to %(highest)s."): (
            serving.tensor_parallel_size,
            MAX_PARALLEL,
        ),
        _("Pipeline parallel is a whole number from 1 to %(highest)s."): (
            serving.pipeline_parallel_size,
            MAX_PARALLEL,
        ),
    }
    for said, (value, highest) in ranges.items():
        if value is not None and not 1 <= value <= highest:
            raise Refusal(said % {"highest": f"{highest:,}"})
    share = serving.gpu_memory_utilization
    if share is not None and not 0 < share <= 1:
        raise Refusal(_("The share of GPU memory is above 0 and at most 1, such as 0.9."))
    if serving.dtype not in ("", *DTYPES):
        raise Refusal(
            _("The number format '%(dtype)s' is not known: %(dtypes)s.")
            % {"dtype": serving.dtype, "dtypes": ", ".join(DTYPES)}
        )
    if len(serving.reasoning_parser) > 40:
        raise Refusal(_("The name of a reasoning parser has at most 40 characters."))
    _check_words(serving.reasoning_parser)
    if serving != PLAIN and model.base_id:
        raise Refusal(
            _("'%(base)s' serves this adapter: change how it is served there.")
            % {"base": model.base}
        )
    if serving != PLAIN and not (model.endpoint and model.endpoint.kind == Endpoint.Kind.VLLM):
        raise Refusal(
            _(
                "Only vLLM that the Studio starts takes settings. Elsewhere they are made where "
                "the server is started."
            )
        )


def _listed(fields: Iterable[str]) -> str:
    return ", ".join(field.replace("_", " ") for field in fields)
