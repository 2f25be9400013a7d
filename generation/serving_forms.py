"""The forms of models, their servers, and the private places that are allowed."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.actions import Serving
from generation.models import DTYPES, Endpoint, Keeper, LanguageModel


class ServingForm(forms.Form):
    """How vLLM is started with a model."""

    max_model_len = forms.IntegerField(
        label=_("Longest context in tokens"),
        help_text=_("Prompt and answer together. Empty: what the model can."),
        min_value=1,
        required=False,
    )
    max_num_seqs = forms.IntegerField(label=_("Requests at once"), min_value=1, required=False)
    tensor_parallel_size = forms.IntegerField(
        label=_("Tensor parallel"),
        help_text=_("GPUs that share each layer. It takes this many times pipeline parallel."),
        min_value=1,
        max_value=64,
        initial=1,
        required=False,
    )
    pipeline_parallel_size = forms.IntegerField(
        label=_("Pipeline parallel"), min_value=1, max_value=64, initial=1, required=False
    )
    gpu_memory_utilization = forms.FloatField(
        label=_("Share of GPU memory"),
        help_text=_("Above 0, at most 1. Empty: vLLM's own."),
        min_value=0,
        max_value=1,
        required=False,
    )
    dtype = forms.ChoiceField(
        label=_("Number format"),
        choices=[("", _("vLLM's own")), *((each, each) for each in DTYPES)],
        required=False,
    )
    reasoning_parser = forms.CharField(
        label=_("Reasoning parser"),
        help_text=_("As vLLM calls it, such as qwen3. Empty: by the family."),
        max_length=40,
        required=False,
    )

    def serving(self) -> Serving:
        """What was entered; nothing means what vLLM does by itself."""
        said = {name: self.cleaned_data.get(name) for name in ServingForm.base_fields}
        return Serving(**{name: value for name, value in said.items() if value})


class ModelForm(ServingForm):
    """Weights under a name."""

    name = forms.CharField(label=_("Name"), max_length=120)
    endpoint = forms.ModelChoiceField(
        Endpoint.objects.all(),
        label=_("Endpoint"),
        required=False,
        empty_label=_("None: its answers are imported"),
    )
    served_name = forms.CharField(
        label=_("Name at the endpoint"),
        help_text=_(
            "As the server lists it. For a server started here: the weights' folder or their name "
            "in the hub. For an adapter: the name it is asked by."
        ),
        max_length=300,
        required=False,
    )
    revision = forms.CharField(
        label=_("Revision"),
        help_text=_("The commit of the weights, so that others can get the same."),
        max_length=120,
        required=False,
    )
    family = forms.CharField(
        label=_("Family"),
        help_text=_("For example qwen. A judge of the same family is warned about."),
        max_length=60,
        required=False,
    )
    base = forms.ModelChoiceField(
        LanguageModel.objects.filter(base__isnull=True, endpoint__isnull=False).exclude(
            endpoint__kind=Endpoint.Kind.TRANSFORMERS
        ),
        label=_("Base model"),
        required=False,
        empty_label=_("None: it is no adapter"),
    )
    adapter_path = forms.CharField(
        label=_("Folder of the adapter"),
        help_text=_("On the GPU host, with its adapter_config.json."),
        max_length=500,
        required=False,
    )
    adapter_digest = forms.CharField(
        label=_("SHA-256 of the adapter"),
        help_text=_("Empty: worked out, if its files can be read here."),
        max_length=64,
        required=False,
    )

    IDENTITY = ("endpoint", "served_name", "revision", "family")
    ADAPTER = ("base", "adapter_path", "adapter_digest")

    def values(self) -> dict[str, Any]:
        """What `register_model` takes."""
        names = ("name", *self.IDENTITY, *self.ADAPTER)
        return {name: self.cleaned_data[name] for name in names} | {"serving": self.serving()}

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """Headings with their fields, and whether they are open."""
        return [
            ("", [self["name"], *(self[name] for name in self.IDENTITY)], True),
            (_("If it is an adapter"), [self[n] for n in self.ADAPTER], self._has(self.ADAPTER)),
            (
                _("How vLLM is started, where the Studio starts it"),
                [self[name] for name in ServingForm.base_fields],
                self._has(tuple(ServingForm.base_fields)),
            ),
        ]

    def _has(self, names: tuple[str, ...]) -> bool:
        if any(name in self.errors for name in names):
            return True
        return any(self[name].value() not in (None, "", 1, "1") for name in names)


class ChangeForm(ServingForm):
    """What of a model may change: all of it, until something came of it."""

    IDENTITY = ("served_name", "revision", "family")
    served_name = forms.CharField(label=_("Name at the endpoint"), max_length=300, required=False)
    revision = forms.CharField(label=_("Revision"), max_length=120, required=False)
    family = forms.CharField(label=_("Family"), max_length=60, required=False)
    start_again = forms.BooleanField(label=_("Start its servers again with it"), required=False)

    def __init__(self, data: Any = None, *, model: LanguageModel) -> None:
        fields = (*self.IDENTITY, *ServingForm.base_fields)
        initial = {name: getattr(model, name) for name in fields}
        super().__init__(data, initial=initial)
        is_vllm = model.endpoint is not None and model.endpoint.kind == Endpoint.Kind.VLLM
        if model.is_used:
            for name in self.IDENTITY:
                self.fields[name].disabled = True
        if model.base_id or not is_vllm:
            for name in (*ServingForm.base_fields, "start_again"):
                del self.fields[name]
        self.order_fields([*self.IDENTITY, *ServingForm.base_fields])

    def identity(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.IDENTITY}


class StartForm(forms.Form):
    """A model and the host on which its server shall run."""

    model = forms.ModelChoiceField(LanguageModel.objects.none(), label=_("Model"), empty_label=None)
    host = forms.ChoiceField(label=_("On"))

    def __init__(
        self, *args: Any, endpoint: Endpoint, keepers: list[Keeper], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        models = cast("forms.ModelChoiceField[LanguageModel]", self.fields["model"])
        models.queryset = LanguageModel.objects.filter(endpoint=endpoint, base__isnull=True)
        hosts = cast("forms.ChoiceField", self.fields["host"])
        hosts.choices = [(each.host, each.host) for each in keepers]


class AddressForm(forms.Form):
    """A private place."""

    host = forms.CharField(
        label=_("Host"), help_text=_("A name or an IP address, without http://."), max_length=253
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    reason = forms.CharField(
        label=_("Why"), help_text=_("For example: our own vLLM in room 12."), max_length=300
    )
