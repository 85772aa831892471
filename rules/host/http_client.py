"""`httpClient`: the REST API of this side's own system, as questions that whoever runs the rule answers."""

from collections.abc import Mapping
from typing import ClassVar

from rules.host.answers import Unanswered, answer
from rules.host.helper import Args, HelperTable, granted
from rules.interface import Answers, GoesOn
from rules.library import json_text
from rules.library.json_text import JsonHost, from_json
from rules.library.table import Method
from rules.limits import Fault
from rules.state import Closure, Run
from rules.values import Host, Value, kind_of, text_of

HTTP = HelperTable("httpClient")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REQUEST = "http"
"""The question: method, path, query as JSON, body, headers as JSON, and the number of writes before it where there are any.

The answer has `code`, `body` and `headers`.
"""


class HttpClient(Host):
    kind = "httpClient"
    methods: ClassVar[Mapping[str, Method]] = HTTP


class Response(JsonHost):
    """What came back. A body that is JSON is there as maps and lists."""

    kind = "a response"

    def __init__(self, code: Value, body: Value, headers: Value) -> None:
        self.code = code
        self.body = body
        self.headers = headers

    def read(self, run: Run, name: str) -> Value:
        match name:
            case "code" | "status" | "statusCode":
                return self.code
            case "body" | "data":
                return self.body
            case "headers" | "allHeaders":
                return self.headers
            case _:
                return super().read(run, name)

    def as_map(self) -> Value:
        return {"code": self.code, "body": self.body, "headers": self.headers}

    def text(self) -> str:
        return f"{text_of(self.code)} {text_of(self.body)}"


def _send(run: Run, name: str, method: str, path: Value, query: Value, body: Value, headers: Value) -> Response:
    if not isinstance(path, str) or not path:
        raise Fault(f"httpClient takes a path such as '/rest/api/3/issue/ACME-7', not {kind_of(path)}")
    if method not in METHODS:
        raise Fault(f"httpClient knows the methods {', '.join(METHODS)}, not {method!r}")
    sent = body if isinstance(body, str) or body is None else json_text.write(body)
    run.spend(10 + (len(sent or "") >> 6))
    if run.answers is not None:
        return _from_table(run.answers, f"httpClient.{name}", [method, path] if name == "http" else [path], f"{method} {path}")
    if method != "GET" and run.stored:
        raise GoesOn
    wanted = [None if not one else json_text.write(one) for one in (query, headers)]
    after = [str(run.writes)] if run.writes else []
    answered = granted(run.ask(REQUEST, method, path, wanted[0], sent, wanted[1], *after))
    run.writes += method != "GET"
    return response(from_json(answered))


def _from_table(answers: Answers, call: str, arguments: Args, line: str) -> Response:
    """By the path, by method and path, or any."""
    keys = [line] if len(arguments) > 1 else [text_of(arguments[0]), line]
    if call not in answers:
        raise Unanswered(call, arguments, keys)
    return response(from_json(answer(call, answers[call], arguments, keys)))


def response(given: Value) -> Response:
    """An answer as a response; what has neither `code` nor `body` is a body."""
    if isinstance(given, dict) and ("code" in given or "body" in given):
        return Response(given.get("code", 200), given.get("body"), given.get("headers", {}))
    return Response(200, given, {})


def _taken(run: Run, found: Response, closure: Value, method: str, path: Value) -> Value:
    """The closure's result, or the body where there is no closure; a Fault for a refusal that no closure looks at."""
    if isinstance(closure, Closure):
        request: Value = {"method": method, "path": path}
        return run.call(closure, [found] if closure.code.most == 1 else [request, found])
    if isinstance(found.code, int) and found.code >= 400:
        raise Fault(f"{method} {text_of(path)[:120]!r} was answered {found.code}: {text_of(found.body)[:200]}", "IssueTrackerException")
    return found.body


def _split(arguments: Args) -> tuple[Args, Value]:
    return (arguments[:-1], arguments[-1]) if arguments and isinstance(arguments[-1], Closure) else (arguments, None)


@HTTP.gives("get", direct=True)
def get(run: Run, _self: Host, arguments: Args) -> Value:
    path, query = (*arguments, None)[:2]
    return _taken(run, _send(run, "get", "GET", path, query if isinstance(query, dict) else None, None, None), None, "GET", path)


@HTTP.gives("delete", direct=True)
def delete(run: Run, _self: Host, arguments: Args) -> Value:
    (path, query, headers), closure = (*_split(arguments)[0], None, None)[:3], _split(arguments)[1]
    return _taken(run, _send(run, "delete", "DELETE", path, query, None, headers), closure, "DELETE", path)


def _with_body(name: str) -> None:
    def send(run: Run, _self: Host, arguments: Args) -> Value:
        plain, closure = _split(arguments)
        path, body, query, headers = (*plain, None, None, None)[:4]
        if isinstance(body, dict) and isinstance(query, str):
            body, query = query, body
        return _taken(run, _send(run, name, name.upper(), path, query, body, headers), closure, name.upper(), path)

    HTTP.gives(name, direct=True)(send)


for _name in ("post", "put", "patch"):
    _with_body(_name)


@HTTP.gives("http", direct=True)
def http(run: Run, _self: Host, arguments: Args) -> Value:
    plain, closure = _split(arguments)
    method, path, third, fourth, headers = (*plain, None, None, None)[:5]
    name = text_of(method).upper()
    query, body = (third, fourth) if isinstance(third, dict) and not isinstance(fourth, dict) else (fourth, third)
    return _taken(run, _send(run, "http", name, path, query, body, headers), closure, name, path)
