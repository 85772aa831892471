"""How deep a body may nest, so that no parser goes deeper than it can."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

DEEPEST = 32

_PIECES = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[{]|[\]}]', re.DOTALL)


async def require_shallow(request: Request) -> None:
    """422 for JSON with more than that many lists and objects within each other; 400 where the caller goes before it is whole."""
    try:
        body = await request.body()
    except ClientDisconnect:
        raise HTTPException(400, "the body ended too early") from None
    if is_deep(body):
        raise HTTPException(422, f"the body nests lists and objects more than {DEEPEST} deep; send it flatter")


def is_deep(body: bytes) -> bool:
    """Brackets in strings do not count."""
    depth = 0
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    for piece in _PIECES.finditer(body):
        match piece[0]:
            case b"[" | b"{":
                depth += 1
            case b"]" | b"}":
                depth -= 1
            case _:
                continue
        if depth > DEEPEST:
            return True
    return False
