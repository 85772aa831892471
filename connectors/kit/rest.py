"""What a sync rule may ask of a platform's REST API: its own system, signed in as always, as far as an answer is small."""

import json
from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode

from pydantic import JsonValue

from connectors.kit.http import Answer, Http

LARGEST = 2_000_000
OURS = frozenset({"authorization", "proxy-authorization", "cookie", "host", "content-length", "transfer-encoding", "connection"})
"""Headers that a rule cannot set."""


async def look(http: Http, arguments: tuple[str | None, ...]) -> JsonValue:
    """The answer to the rule language's question `http`: method, path, query as JSON, body, headers as JSON.

    `{"code", "body", "headers"}`, the body parsed where it is JSON; `{"refused": reason}` where nothing was sent. Raises from
    `model.errors` as every read does, or where the method is not GET, every write.
    """
    method, given, query, body, headers = (*arguments, None, None, None, None, None)[:5]
    path = (given or "").removeprefix(http.address)
    if not _is_path(path):
        return {"refused": f"httpClient reaches {http.address} only; {given!r} is no path of it: begin with '/'"}
    content = None if body is None else body.encode()
    answer = await http.call(method or "GET", _with_query(path, _object(query)), content, _allowed(_object(headers)))
    if method == "GET" and len(answer.body) > LARGEST:
        return {"refused": f"the answer to {path!r} is larger than {LARGEST} bytes; ask for less, with a query"}
    shown: dict[str, JsonValue] = {name: [value] for name, value in answer.headers.items() if name != "set-cookie"}
    return {"code": answer.status, "body": _body(answer) if len(answer.body) <= LARGEST else None, "headers": shown}


def _is_path(path: str) -> bool:
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and all(one.isprintable() for one in path)


def _object(text: str | None) -> dict[str, JsonValue]:
    found = cast("JsonValue", json.loads(text)) if text else None
    return found if isinstance(found, dict) else {}


def _with_query(path: str, query: Mapping[str, JsonValue]) -> str:
    if not query:
        return path
    pairs = [(name, _text(one)) for name, value in query.items() for one in (value if isinstance(value, list) else [value])]
    return f"{path}{'&' if '?' in path else '?'}{urlencode(pairs)}"


def _allowed(headers: Mapping[str, JsonValue]) -> dict[str, str]:
    return {
        name: ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)
        for name, value in headers.items()
        if name.lower() not in OURS
    }


def _text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _body(answer: Answer) -> JsonValue:
    text = answer.body.decode("utf-8", errors="replace")
    try:
        return cast("JsonValue", json.loads(text)) if text else None
    except ValueError:
        return text
