"""A form with a file in it, sent piece by piece: RFC 7578."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

from connectors.kit.http import Body
from model.errors import Unavailable


@dataclass(frozen=True)
class FilePart:
    """`size` in bytes is 0 where it is not known. `before` are parts that come first: name, content type and text."""

    name: str
    filename: str
    mimetype: str
    size: int
    before: tuple[tuple[str, str, str], ...] = ()


def form(part: FilePart, content: AsyncIterator[bytes]) -> tuple[Body, dict[str, str]]:
    """What to send, and the headers to send it with: the length where it is known, as many servers want it."""
    boundary = f"twinline-{uuid4().hex}"
    opening, closing = _frame(part, boundary)
    headers = {"Content-Length": str(len(opening) + part.size + len(closing))} if part.size else {}
    whole = _exactly(part, content) if part.size else content
    return Body(content=_framed(opening, whole, closing), content_type=f"multipart/form-data; boundary={boundary}"), headers


def _frame(part: FilePart, boundary: str) -> tuple[bytes, bytes]:
    kind = part.mimetype if part.mimetype.isprintable() and part.mimetype else "application/octet-stream"
    texts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\nContent-Type: {content_type}\r\n\r\n{text}\r\n'
        for name, content_type, text in part.before
    ]
    head = f'Content-Disposition: form-data; name="{_quoted(part.name)}"; filename="{_quoted(part.filename)}"\r\nContent-Type: {kind}'
    return f"{''.join(texts)}--{boundary}\r\n{head}\r\n\r\n".encode(), f"\r\n--{boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    """As browsers write it: https://html.spec.whatwg.org/#multipart-form-data."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


async def _exactly(part: FilePart, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces; Unavailable where they are not as many bytes as were announced, before the file is whole for the server."""
    sent = 0
    async for piece in content:
        sent += len(piece)
        if sent > part.size:
            break
        yield piece
    if sent != part.size:
        raise Unavailable(f"the file {part.filename!r} has another size than {part.size} bytes by now; it is read again")


async def _framed(opening: bytes, content: AsyncIterator[bytes], closing: bytes) -> AsyncIterator[bytes]:
    yield opening
    async for piece in content:
        yield piece
    yield closing
