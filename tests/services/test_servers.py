"""The real servers are there and are what they say: what the other tests of this folder rest on."""

import json
import urllib.request

import pytest
import redis
from django.db import connection

from tests.services import servers


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_database_of_the_second_run_is_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 140000


@pytest.mark.redis
def test_redis_answers(redis_url):
    client = redis.Redis.from_url(redis_url)
    client.rpush("bell", "once")
    assert client.lpop("bell") == b"once"


def chat(server: servers.ModelServer) -> dict:
    """The last field is a token limit: the tiny model never stops by itself."""
    question = {"role": "user", "content": "Who could I talk to?"}
    body = {"model": server.model, "messages": [question], "max_tokens": 8}
    request = urllib.request.Request(
        f"{server.base_url}/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)
