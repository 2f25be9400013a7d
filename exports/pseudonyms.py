"""Names for raters that tell nothing and cannot be joined elsewhere. Pure but for the key.

A keyed hash (HMAC-SHA-256), its key derived from SECRET_KEY and from where the name is used: the
same rater keeps it within a study or a release; without SECRET_KEY nobody can compute it.
"""

from django.utils.crypto import salted_hmac


def of(rater_id: str, *, study_id: str) -> str:
    """Another in every study."""
    return _keyed(f"exports.raters.{study_id}", rater_id)


def in_release(rater_id: str, *, release_id: str) -> str:
    """Another in every release, and another than in its studies."""
    return _keyed(f"exports.released.{release_id}", rater_id)


def _keyed(salt: str, rater_id: str) -> str:
    return f"r{salted_hmac(salt, rater_id, algorithm='sha256').hexdigest()[:12]}"
