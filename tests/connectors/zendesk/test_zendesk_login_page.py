"""An account that is let in no more may be sent a page in place of a refusal."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from zendesk_site import access

from connectors.kit.fake import serving
from connectors.zendesk.client import ZendeskClient
from model.errors import LoginRejected


async def test_a_page_to_log_in_rejects_the_log_in() -> None:
    """With 200, or behind a redirect, which a write does not follow."""

    async def answer(request: Request) -> Response:
        if request.method == "GET":
            return Response('<html><input type="password"></html>')
        return Response(status_code=302, headers={"Location": "/access/unauthenticated"})

    async with serving(Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "PUT"])])) as url:
        client = ZendeskClient(access(url))
        with pytest.raises(LoginRejected, match="a page to log in"):
            await client.myself()
        with pytest.raises(LoginRejected, match="302 with a page to log in"):
            await client.update("1", {})
        await client.aclose()
