"""Ends with 0 when the web process on this machine's PORT says that it is ready.

python scripts/is_ready.py 8000
"""

import os
import sys
import urllib.error
import urllib.request


def is_ready(port: int) -> bool:
    """Asks under the first name that the site answers to: any other is refused."""
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": name})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_ready(int(sys.argv[1])) else 1)
