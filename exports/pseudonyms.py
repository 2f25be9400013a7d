"""Names for raters that tell nothing and cannot be joined across studies. Pure but for the key."""

from django.utils.crypto import salted_hmac


def of(rater_id: str, *, study_id: str) -> str:
    """A keyed hash (HMAC-SHA-256): the key is derived from SECRET_KEY and the study.

    The same rater keeps the pseudonym within a study; without SECRET_KEY nobody can compute it.
    """
    found = salted_hmac(f"exports.raters.{study_id}", rater_id, algorithm="sha256")
    return f"r{found.hexdigest()[:12]}"
