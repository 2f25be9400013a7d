"""Gives out a kept file: as an attachment, with its digest as ETag, whole or one range of it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from exports.store import Kept

CHUNK = 64 * 1024
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def send(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    """The file, 304 if the client has it, 206 for one range, 416 for a range that it has not.

    Several ranges at once, and a range of another edition of the file (If-Range), get all of it.
    """
    size, etag = kept.n_bytes, f'"{kept.sha256}"'
    headers = _headers(kept, etag)
    unchanged = get_conditional_response(
        request, etag=etag, response=HttpResponse(headers=headers | {"ETag": etag})
    )
    if unchanged is not None and unchanged.status_code != 200:
        return unchanged
    wanted = _range(request, size, etag)
    if wanted is None:
        return FileResponse(
            kept.path.open("rb"),
            as_attachment=True,
            filename=kept.download_name,
            content_type=kept.media_type,
            headers=headers,
        )
    first, last = wanted
    if first > last:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    return StreamingHttpResponse(
        _part(kept.path.open("rb"), first, last - first + 1),
        status=206,
        content_type=kept.media_type,
        headers=headers
        | {
            "Content-Range": f"bytes {first}-{last}/{size}",
            "Content-Length": str(last - first + 1),
        },
    )


def _headers(kept: Kept, etag: str) -> dict[str, str]:
    return {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": content_disposition_header(True, kept.download_name) or "",
        "X-Content-Type-Options": "nosniff",
    }


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte asked for; the last before the first if there are none such."""
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or asked.groups() == ("", ""):
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:  # the last n bytes
        return (max(size - int(last), 0), size - 1) if int(last) else (1, 0)
    if last and int(last) < int(first):
        return None
    end = min(int(last), size - 1) if last else size - 1
    return int(first), end


def _part(file: BinaryIO, first: int, n: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while n > 0 and (block := file.read(min(CHUNK, n))):
            n -= len(block)
            yield block
