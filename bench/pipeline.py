"""What a run costs: rows per second through the database, beside the same requests sent bare.

The server is a stub with a fixed latency in a process of its own. The bar: at least 97 % of what
the endpoint gives to the same client without any database.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time

from bench.client import stub

LATENCY_S, IN_FLIGHT, N_ROWS, ROUNDS = 0.5, 64, 1280, 2
BAR = 0.97


def main() -> None:
    """In a process of its own, because the site's settings are read once."""
    with tempfile.TemporaryDirectory(prefix="psychosafe-bench-") as folder:
        dropped = ("DATABASE_URL", "REDIS_URL", "DEMO")
        env = {name: value for name, value in os.environ.items() if name not in dropped}
        env |= {
            "DATA_DIR": folder,
            "DEBUG": "0",
            "SECRET_KEY": "bench-only-" + "0123456789abcdef" * 4,
            "ALLOW_PRIVATE_ENDPOINTS": "1",
            "REQUESTS_IN_FLIGHT": str(IN_FLIGHT),
            "DJANGO_SETTINGS_MODULE": "psychosafe_site.settings",
            "LOG_LEVEL": "ERROR",
        }
        sys.exit(subprocess.run([sys.executable, "-m", "bench.pipeline"], env=env).returncode)


def compare() -> None:
    """Bare and through the database by turns; the best round of each counts."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    bare, rows = [], []
    with stub(LATENCY_S) as base_url:
        for number in range(ROUNDS):
            rows.append(through_database(base_url, number))
            bare.append(sent_bare(base_url))
    print(f"{N_ROWS} requests, {IN_FLIGHT} in flight, latency {LATENCY_S} s")
    print(f"sent bare             {N_ROWS / min(bare):7.1f} rows/s")
    print(f"through the database  {N_ROWS / min(rows):7.1f} rows/s")
    share = min(bare) / min(rows)
    print(f"share                 {share:7.1%}")
    if share < BAR:
        sys.exit(f"{share:.1%} of the endpoint's throughput; the bar is {BAR:.0%}")


def through_database(base_url: str, number: int) -> float:
    """Seconds of one whole run: claims, leases, one transaction a row, the end."""
    from corpus import conversation
    from corpus.actions import make_prompt_set
    from corpus.models import Prompt
    from generation import actions, bell
    from generation.answering import wait_for
    from generation.models import Completion, Condition, LanguageModel

    bell._send = lambda *_: None  # no broker here
    if not LanguageModel.objects.exists():
        place = actions.register_endpoint(by=None, name="stub", kind="external", base_url=base_url)
        actions.register_model(by=None, name="stub", endpoint=place, served_name="stub-model")
        actions.install_conditions()
    prompts = [_prompt(position, number) for position in range(N_ROWS)]
    made = Prompt.objects.bulk_create(
        Prompt(messages=messages, digest=conversation.content_digest(messages))
        for messages in prompts
    )
    from django.utils import timezone

    run = actions.start_run(
        by=None,
        prompt_set=make_prompt_set(by=None, name=f"Set {number}", prompts=made),
        model=LanguageModel.objects.get(),
        condition=Condition.objects.get(name="informed"),
        at=timezone.now(),
    )
    started = time.perf_counter()
    state = wait_for(run)
    seconds = time.perf_counter() - started
    if state != "done" or Completion.objects.filter(run=run, state="done").count() != N_ROWS:
        sys.exit(f"The run ended as {state}.")
    return seconds


def sent_bare(base_url: str) -> float:
    """Seconds of the same requests through the same client, kept nowhere."""
    from generation.chat import ChatAnswer, ChatClient, ChatError, ask_all
    from generation.conversation import request_for
    from generation.models import Completion, Condition, LanguageModel

    model, condition = LanguageModel.objects.get(), Condition.objects.get(name="informed")
    rows = list(Completion.objects.select_related("prompt")[:N_ROWS])
    requests = [(row.pk, request_for(model, condition, row)) for row in rows]

    async def forget(key: str, answer: ChatAnswer | ChatError) -> None:
        if isinstance(answer, ChatError):
            raise answer

    async def send() -> None:
        async with ChatClient(base_url, max_in_flight=IN_FLIGHT, allow_private=True) as client:
            await ask_all(client, requests, forget)

    started = time.perf_counter()
    asyncio.run(send())
    return time.perf_counter() - started


def _prompt(position: int, number: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": f"Case {position} of set {number}: what now? " * 40}]


if __name__ == "__main__":
    compare()
