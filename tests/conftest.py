"""Ground of every test: the environment of the site, no network, and how a skip is judged.

The environment is set while this file is imported, before Django reads its settings.
"""

import gc
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from scripts import chromium

pytest_plugins = [
    "tests.chance",
    "tests.people",
    "tests.stub_server",
    "tests.services.fixtures",
]

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(tempfile.mkdtemp(prefix="psychosafe-tests-"))
(DATA_DIR / "static").mkdir()
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def set_environment() -> None:
    """The site of the tests: production switches, its own data folder, nothing from outside."""
    for name in ("DEMO", "SENTRY_DSN", "EMAIL_HOST", "EMAIL_URL", "VLLM_COMMAND", "TRAIN_PYTHON"):
        os.environ.pop(name, None)
    if redis := os.environ.pop("REDIS_URL", None):
        os.environ["TEST_REDIS_URL"] = redis
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ.pop("DATABASE_URL", None)
    os.environ["SECRET_KEY"] = "tests-only-" + "0123456789abcdef" * 4
    os.environ["DEBUG"] = "0"
    os.environ["SECURE_SSL_REDIRECT"] = "0"
    os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
    os.environ["DATA_DIR"] = str(DATA_DIR)
    os.environ["DJANGO_SETTINGS_MODULE"] = "psychosafe_site.settings"


set_environment()
hypothesis_settings.register_profile("default", deadline=None, derandomize="CI" in os.environ)
hypothesis_settings.load_profile("default")


# No network


class NetworkForbidden(RuntimeError):
    """A test tried to leave this machine."""


def is_local(host: object) -> bool:
    """Whether `host` is this machine; names other than its own are not looked up."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(str(name).split("%")[0]).is_loopback
    except ValueError:
        return str(name).endswith(".localhost")


def is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return True


def block_network(patch: pytest.MonkeyPatch) -> None:
    """Refuse connections and name look-ups that are not for this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            internet = self.family in (socket.AF_INET, socket.AF_INET6)
            if internet and not is_local(address[0]):
                raise NetworkForbidden(f"A test tried to connect to {address[0]}:{address[1]}.")
            return original(self, address)

        return call

    def local_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host) and not is_address(host):
            raise NetworkForbidden(f"A test tried to look up {host!r}.")
        return look_up(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded(connect))
    patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    patch.setattr(socket, "getaddrinfo", local_look_up)


# Options, and what may skip


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("psychosafe")
    group.addoption(
        "--no-skips",
        action="store_true",
        help="red when any test skips, but for `shared_data` tests without their folder",
    )
    group.addoption(
        "--only-database",
        action="store_true",
        help="only tests that use the database (the second run, on the other database)",
    )


def pytest_configure(config: pytest.Config) -> None:
    # The environment above is set, so the models can be imported while tests are collected.
    django.setup()
    from django.conf import settings

    if settings.configured and Path(settings.DATA_DIR) != DATA_DIR:
        raise pytest.UsageError(
            "Unset DJANGO_SETTINGS_MODULE: the tests set their own environment."
        )
    simplify(settings)
    leave_out_permissions()
    patch = pytest.MonkeyPatch()
    block_network(patch)
    flush_ratings_first(patch)
    config.add_cleanup(patch.undo)
    config.add_cleanup(lambda: shutil.rmtree(DATA_DIR, ignore_errors=True))
    config.pluginmanager.register(Skips(), "psychosafe-skips")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers inherit this environment; each makes its own, with a data folder of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def simplify(settings: Any) -> None:
    """What would slow every test down without being its subject."""
    plain_files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain_files}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def flush_ratings_first(patch: pytest.MonkeyPatch) -> None:
    """SQLite empties tables in no order, and nothing is taken from a rubric that has ratings."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    from annotation.freezing import RATED_BY

    flush = DatabaseOperations.sql_flush

    def in_order(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = flush(self, *args, **kwargs)
        return sorted(statements, key=lambda each: not any(f'"{n}"' in each for n in RATED_BY))

    patch.setattr(DatabaseOperations, "sql_flush", in_order)


def leave_out_permissions() -> None:
    """Django's own permissions and kinds of content, which the site does not use.

    They would be made anew after every test that empties the tables.
    """
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        chosen = [item for item in items if uses_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen
    items.sort(key=rank)
    on_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    for item in items:
        if item.get_closest_marker("postgres") and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="the database of this run is SQLite"))


def pytest_runtest_setup() -> None:
    """A request leaves its language behind in the thread that it ran in."""
    translation.deactivate()


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the garbage collector need not walk it again."""
    gc.collect()
    gc.freeze()


def rank(item: pytest.Item) -> int:
    """Few long tests first, so that no worker is left alone with them at the end."""
    long_ones = ("services", "journeys")
    return min((at for at, name in enumerate(long_ones) if name in item.path.parts), default=9)


def uses_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("django_db") or item.get_closest_marker("postgres"):
        return True
    return bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


class Skips:
    """Collects skips; with --no-skips one that is not excused turns the run red."""

    def __init__(self) -> None:
        self.unexcused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        excused = "shared_data" in report.keywords and not shared_data_folder()
        if report.skipped and not hasattr(report, "wasxfail") and not excused:
            self.unexcused.append(f"{report.nodeid}: {skip_reason(report)}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.unexcused.append(f"{report.nodeid}: {skip_reason(report)}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.is_red(session.config) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        if self.is_red(config):
            terminalreporter.section(
                f"{len(self.unexcused)} skipped, and nothing may skip", red=True
            )
            for line in self.unexcused:
                terminalreporter.line(line)

    def is_red(self, config: pytest.Config) -> bool:
        return bool(config.getoption("--no-skips") and self.unexcused)


def skip_reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    found = report.longrepr
    return str(found[2]) if isinstance(found, tuple) else str(found)


# Data and database


def shared_data_folder() -> Path | None:
    named = os.environ.get("PSYCHOSAFE_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of published data sets; the test skips where this machine has none."""
    folder = shared_data_folder()
    if folder is None:
        pytest.skip("no shared data folder: set PSYCHOSAFE_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """SQLite tests use a file: threads and a live server get connections of their own."""
    from django.conf import settings

    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        default.setdefault("TEST", {})["NAME"] = str(DATA_DIR / f"test-{worker}.sqlite3")


# Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium for the tests of one module: its event loop must not outlive them."""
    found = chromium.executable()
    if found is None:
        pytest.skip("no Chromium: install it, or name it in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, where the test also reads the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=found, args=chromium.FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """`open_page(width=1280, scheme="light")`: a page of the live site, in a context of its own.

    At the end the test fails if a page logged an error, broke the CSP or left the live site.
    """
    contexts: list[Any] = []
    troubles: list[str] = []

    def open_one(width: int = 1280, scheme: str = "light", **options: Any) -> Any:
        context = browser.new_context(
            reduced_motion="reduce",  # a colour looked at half-way is no colour of ours
            base_url=live_server.url,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            color_scheme=scheme,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        watch(page, live_server.url, troubles)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not troubles, troubles


def watch(page: Any, site: str, troubles: list[str]) -> None:
    def on_console(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            troubles.append(f"console: {message.text}")

    def on_request(request: Any) -> None:
        if not request.url.startswith((site, "data:", "blob:", "about:")):
            troubles.append(f"left the site: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("request", on_request)


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=str)
def page(request: pytest.FixtureRequest, open_page: Callable[..., Any]) -> Any:
    """A page, wide and light, then narrow and dark. At all four looks: journeys/test_pages.py."""
    width, scheme = request.param
    return open_page(width=width, scheme=scheme)
