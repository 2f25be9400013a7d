"""Reads the environment for `settings`; what is missing or unsafe stops the start, in words."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off; anything else stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is not a yes or no. Use 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def number(name: str, default: int, *, least: int = 1) -> int:
    """A whole number of at least `least`; anything else stops the start."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r}: give a whole number from {least} on.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    """A folder that is made if it is missing, readable by its owner only."""
    path = Path(os.environ.get(name) or default)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def secret_key(*, data_dir: Path, safe_to_make: bool) -> str:
    """SECRET_KEY, or SECRET_KEY_FILE's content, or (embedded use only) one made once and kept."""
    key = os.environ.get("SECRET_KEY", "")
    key_file = os.environ.get("SECRET_KEY_FILE")
    if not key and key_file:
        key = Path(key_file).read_text().strip()
    if not key and safe_to_make:
        key = _kept_key(data_dir / "secret_key")
    if len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak. Set it to at least 50 random characters, for example "
            "from: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return key


def _kept_key(path: Path) -> str:
    import secrets

    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
