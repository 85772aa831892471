"""What the meter counts."""

import pytest
from starlette.types import Message, Receive, Scope, Send

from bench.meter import Meter, general


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/rest/api/3/issue/10001", "/rest/api/3/issue/{id}"),
        ("/rest/api/3/issue/HELP-12/comment", "/rest/api/3/issue/{id}/comment"),
        ("/services/data/v60.0/sobjects/Case/500000000000001AAA", "/services/data/v60.0/sobjects/Case/{id}"),
        ("/services/oauth2/token", "/services/oauth2/token"),
        ("/api/v2/tickets/12/comments", "/api/v2/tickets/{id}/comments"),
        ("/api/now/table/incident/0123456789abcdef0123456789abcdef", "/api/now/table/incident/{id}"),
        ("/api/now/table/sys_journal_field", "/api/now/table/sys_journal_field"),
        ("/issues/12.json", "/issues/{id}.json"),
        ("/acme/_apis/wit/workItems/3/comments", "/acme/_apis/wit/workItems/{id}/comments"),
    ],
)
def test_calls_of_a_kind_are_counted_together(path: str, expected: str) -> None:
    assert general(path) == expected


async def test_each_answer_is_counted_once() -> None:
    async def answers(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"b"})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        del message

    meter = Meter(answers)
    for number in range(3):
        await meter({"type": "http", "method": "GET", "path": f"/items/{number}"}, receive, send)
    assert meter.calls == {"GET /items/{id}": 3}
