"""Models: what may be registered, what may change, and adapters in folders."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from generation import actions, adapters
from generation.actions import Serving
from generation.models import LanguageModel
from generation.starting import spec_of
from tests.generation import made
from tests.generation.test_pages import SignIn
from tests.people import person

pytestmark = pytest.mark.django_db


def served(kind: str = "vllm", name: str = "base", **rest: Any) -> LanguageModel:
    place = actions.register_endpoint(by=None, name=f"{kind} of {name}", kind=kind)
    given = {"endpoint": place, "served_name": name} | rest
    return actions.register_model(by=None, name=name, **given)


def folder(path: Path, r: Any = 8, weights: bytes = b"weights") -> Path:
    path.mkdir()
    (path / "adapter_config.json").write_text(json.dumps({"r": r}))
    (path / "adapter_model.safetensors").write_bytes(weights)
    return path


def adapter(base: LanguageModel, path: Any, name: str = "kind", **rest: Any) -> LanguageModel:
    given = {"served_name": name} | rest
    return actions.register_model(by=None, name=name, base=base, adapter_path=str(path), **given)


def change(model: LanguageModel, serving: Serving = Serving(), **rest: str) -> list[str]:  # noqa: B008  # frozen
    said = {name: getattr(model, name) for name in ("served_name", "revision", "family")}
    return actions.change_model(by=person("engineer"), model=model, serving=serving, **said | rest)


def test_settings_reach_the_command_that_starts_the_server() -> None:
    settings = Serving(4096, 32, 2, 2, 0.8, "bfloat16", "qwen3")
    command = spec_of(served(serving=settings), port=8101).command
    for option, value in {
        "--max-model-len": "4096",
        "--max-num-seqs": "32",
        "--tensor-parallel-size": "2",
        "--pipeline-parallel-size": "2",
        "--gpu-memory-utilization": "0.8",
        "--dtype": "bfloat16",
        "--reasoning-parser": "qwen3",
        "--generation-config": "vllm",
    }.items():
        assert command[command.index(option) + 1] == value


@pytest.mark.parametrize(
    ("serving", "said"),
    [
        (Serving(max_model_len=0), "longest context"),
        (Serving(max_num_seqs=0), "requests at once"),
        (Serving(tensor_parallel_size=0), "Tensor parallel"),
        (Serving(pipeline_parallel_size=65), "Pipeline parallel"),
        (Serving(gpu_memory_utilization=0.0), "GPU memory"),
        (Serving(gpu_memory_utilization=float("nan")), "GPU memory"),
        (Serving(dtype="int3"), "not known"),
        (Serving(reasoning_parser="--trust-remote-code"), "reads like an option"),
    ],
)
def test_settings_out_of_range_are_refused_in_words(serving: Serving, said: str) -> None:
    with pytest.raises(actions.Refusal, match=said):
        served(serving=serving)


@pytest.mark.parametrize("column", [{"max_model_len": 0}, {"max_num_seqs": 0}, {"dtype": "int3"}])
def test_the_database_keeps_settings_in_range(column: dict[str, Any]) -> None:
    model = served()
    with pytest.raises(IntegrityError), transaction.atomic():
        LanguageModel.objects.filter(pk=model.pk).update(**column)


@pytest.mark.parametrize("kind", ["transformers", "external"])
def test_settings_are_refused_where_they_would_do_nothing(kind: str) -> None:
    place = made.endpoint() if kind == "external" else None
    with pytest.raises(actions.Refusal, match="Only vLLM"):
        served(
            kind if place is None else "vllm",
            serving=Serving(max_num_seqs=3),
            **({"endpoint": place} if place else {}),
        )


@pytest.mark.parametrize("field", ["served_name", "revision", "family"])
def test_a_name_that_reads_like_an_option_is_refused(field: str) -> None:
    with pytest.raises(actions.Refusal, match="reads like an option"):
        served(**{field: "--trust-remote-code"})


def test_settings_change_at_any_time_and_identity_until_a_run_used_it() -> None:
    run = made.run()
    model = run.model
    with pytest.raises(actions.Refusal, match="revision cannot change"):
        change(model, revision="other")
    base = served()
    assert change(base, Serving(max_num_seqs=4), revision="new") == ["revision", "max_num_seqs"]
    assert (base.revision, base.max_num_seqs) == ("new", 4)
    made.actions.start_run(
        by=None, prompt_set=run.prompt_set, model=base, condition=run.condition, at=made.AT
    )
    assert change(base, Serving(max_num_seqs=8)) == ["max_num_seqs"]
    with pytest.raises(actions.Refusal, match="Register a new model"):
        change(base, Serving(), served_name="elsewhere")
    base.refresh_from_db()
    assert (base.served_name, base.max_num_seqs) == ("base", 8)


def test_a_base_of_adapters_is_fixed_too(tmp_path: Path) -> None:
    base = served()
    adapter(base, folder(tmp_path / "a"))
    with pytest.raises(actions.Refusal, match="adapters use 'base'"):
        change(base, revision="other")


def test_an_adapter_gets_its_endpoint_and_digest(tmp_path: Path) -> None:
    base = served()
    path = folder(tmp_path / "kind")
    kind = adapter(base, path)
    assert kind.endpoint == base.endpoint
    assert kind.adapter_digest == adapters.digest(path)
    given = {"adapter_digest": "0" * 64}
    with pytest.raises(actions.Refusal, match="another SHA-256"):
        adapter(base, path, "other", **given)


def test_an_adapter_that_cannot_be_read_is_taken_only_if_another_host_serves_it(
    tmp_path: Path, settings: Any
) -> None:
    from django.utils import timezone

    from generation.actions import servers

    base = served()
    assert adapter(base, "/gpu-host/only", "far").adapter_digest == ""
    servers.be_there(host=settings.HOST_NAME, gpus=[], at=timezone.now())
    with pytest.raises(actions.Refusal, match=r"no adapter_config\.json"):
        adapter(base, tmp_path / "nothing", "near")


def test_a_name_is_served_once_by_a_base(tmp_path: Path) -> None:
    base = served()
    adapter(base, folder(tmp_path / "a"), "a")
    for name in ("a", "base"):
        with pytest.raises(actions.NameTaken, match="serves something else"):
            adapter(base, tmp_path / "a", "b", served_name=name)
    with pytest.raises(IntegrityError), transaction.atomic():
        LanguageModel.objects.create(
            name="c", base=base, adapter_path="x", served_name="a", endpoint=base.endpoint
        )


@pytest.mark.parametrize(
    ("name", "path"), [("a=b", "/x"), ("a,b", "/x"), ("{a", "/x"), ("a b", "/x"), ("a", "/x=y")]
)
def test_a_name_that_vllm_would_read_otherwise_is_refused(name: str, path: str) -> None:
    with pytest.raises(actions.Refusal, match="cannot name an adapter"):
        adapter(served(), path, "odd", served_name=name)


def test_adapters_stand_on_weights_that_vllm_serves(tmp_path: Path) -> None:
    kind = adapter(served(), folder(tmp_path / "a"))
    with pytest.raises(actions.Refusal, match="adapter itself"):
        adapter(kind, tmp_path / "a", "b")
    with pytest.raises(actions.Refusal, match="only vLLM"):
        adapter(served("transformers", "slow"), tmp_path / "a", "b")
    with pytest.raises(actions.Refusal, match="Choose the base model"):
        actions.register_model(by=None, name="c", adapter_path="/x")
    with pytest.raises(actions.Refusal, match="serves this adapter"):
        change(kind, Serving(max_num_seqs=3))


def page(model: LanguageModel) -> str:
    return reverse("generation:model", args=[model.pk])


def test_the_page_shows_settings_adapters_rank_and_digest(
    engineer: User, researcher: User, signed_in: SignIn, tmp_path: Path
) -> None:
    base = served(serving=Serving(max_num_seqs=77))
    kind = adapter(base, folder(tmp_path / "kind", r=24))
    text = signed_in(engineer).get(page(base)).content.decode()
    assert 'value="77"' in text and kind.adapter_digest[:12] in text and ">24<" in text
    assert kind.adapter_digest in signed_in(engineer).get(page(kind)).content.decode()
    assert "Change it" not in signed_in(researcher).get(page(base)).content.decode()


def test_a_change_is_saved_and_starts_the_servers_again_if_asked(
    client: Client, engineer: User, researcher: User, signed_in: SignIn
) -> None:
    from generation.actions import servers

    base = served()
    server = servers.want(by=None, model=base, host="gpu-1", at=made.AT)
    path = reverse("generation:change_model", args=[base.pk])
    posted = {"served_name": "base", "max_num_seqs": 5}
    assert client.post(path, posted).status_code == 302
    assert signed_in(researcher).post(path, posted).status_code == 403
    base.refresh_from_db()
    assert base.max_num_seqs is None
    answer = signed_in(engineer).post(path, posted, follow=True).content.decode()
    assert "1 server runs with the earlier settings" in answer
    signed_in(engineer).post(path, posted | {"max_num_seqs": 6, "start_again": "on"})
    base.refresh_from_db()
    server.refresh_from_db()
    assert (base.max_num_seqs, server.wish) == (6, 2)
    bad = signed_in(engineer).post(path, posted | {"served_name": "-x"})
    assert bad.status_code == 422 and "reads like an option" in bad.content.decode()


def test_a_used_models_identity_cannot_be_posted(engineer: User, signed_in: SignIn) -> None:
    model = made.run().model
    path = reverse("generation:change_model", args=[model.pk])
    posted = {"served_name": "other", "revision": "x", "family": "y"}
    assert signed_in(engineer).post(path, posted).status_code == 302
    model.refresh_from_db()
    assert (model.served_name, model.revision) == ("stub-model", "abc123")


def test_an_adapter_is_registered_on_the_page(
    engineer: User, signed_in: SignIn, tmp_path: Path
) -> None:
    base = served()
    form = reverse("generation:new_model")
    assert f'value="{base.pk}" selected' in (
        signed_in(engineer).get(f"{form}?base={base.pk}").content.decode()
    )
    path = folder(tmp_path / "kind")
    posted = {"name": "kind", "served_name": "kind", "base": base.pk, "adapter_path": str(path)}
    signed_in(engineer).post(form, posted)
    assert LanguageModel.objects.get(name="kind").adapter_digest == adapters.digest(path)
    like = signed_in(engineer).get(f"{form}?like={base.pk}").content.decode()
    assert 'value="base"' in like
