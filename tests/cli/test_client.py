"""What the command line does when an answer does not arrive."""

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from cli.client import Api
from connectors.kit.fake import serving
from model.errors import Unavailable


class BreaksOff:
    """Answers after `lost` calls whose connections break off; `keys` are what came."""

    def __init__(self, lost: int) -> None:
        self.lost = lost
        self.keys: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.keys.append(Request(scope).headers["idempotency-key"])
        if len(self.keys) > self.lost:
            await JSONResponse({"done": True})(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})


async def test_a_command_whose_answer_was_lost_is_sent_once_more_under_its_key():
    site = BreaksOff(lost=1)
    async with serving(site) as url:
        assert await Api(url).post(dict[str, bool], "/anything") == {"done": True}
        await Api(url).post(dict[str, bool], "/anything")
    assert len(site.keys) == 3
    assert site.keys[0] == site.keys[1] != site.keys[2]


async def test_it_is_not_sent_a_third_time():
    site = BreaksOff(lost=5)
    async with serving(site) as url:
        with pytest.raises(Unavailable):
            await Api(url).post(dict[str, bool], "/anything")
    assert len(site.keys) == 2
