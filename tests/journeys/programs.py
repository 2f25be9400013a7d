"""What programs of the project do by REST, signed in by a token."""

from typing import Any

from django.test import Client

from accounts import actions
from tests.people import person
from tests.stub_server import StubServer


def program(role: str = "engineer", scope: str = "write") -> Client:
    """A program that works for a new person of this role."""
    token = actions.create_token(by=None, user=person(role), scope=scope)
    return Client(headers={"Authorization": f"Token {token}"})


def post(client: Client, place: str, **body: Any) -> Any:
    answer = client.post(f"/api/v1/{place}/", body, content_type="application/json")
    assert answer.status_code in (200, 201), (place, answer.content)
    return answer.json()


def get(client: Client, place: str, **query: str) -> Any:
    answer = client.get(f"/api/v1/{place}/", query)
    assert answer.status_code == 200, (place, answer.content)
    return answer.json()


def prepare(stub: StubServer) -> Client:
    """Endpoint, model and two conditions."""
    client = program()
    endpoint = post(client, "endpoints", name="The stub", kind="external", base_url=stub.base_url)
    post(client, "models", name="stub-model", endpoint=endpoint["id"], served_name="stub-model")
    for name, text in (("baseline", "You are helpful."), ("informed", "Be kind.")):
        post(client, "conditions", name=name, system_prompt=text)
    return client
