"""An account that is let in no more may be sent a page in place of a refusal, and a moved org leads elsewhere."""

from collections.abc import Mapping

import pytest
from salesforce_site import SECRET, USER, access
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.kit.fake import serving
from connectors.salesforce.client import SalesforceClient
from model.errors import LoginRejected, Misconfigured

LOCATIONS: Mapping[str, str] = {"PATCH": "/?ec=302&startURL=%2Fservices", "DELETE": "https://moved.acme.test/services"}


async def test_a_page_to_log_in_rejects_the_log_in_and_a_redirected_write_is_not_done() -> None:
    asked: list[str] = []

    async def token(request: Request) -> Response:
        asked.append("token")
        base = str(request.base_url).rstrip("/")
        return JSONResponse({"access_token": f"{SECRET}-{len(asked)}", "instance_url": base, "id": f"{base}/id/00D/{USER}"})

    async def answer(request: Request) -> Response:
        if request.method == "GET":
            return Response('<html><input type="password"></html>')
        return Response(status_code=302, headers={"Location": LOCATIONS[request.method]})

    routes = [
        Route("/services/oauth2/token", token, methods=["POST"]),
        Route("/{path:path}", answer, methods=["GET", "PATCH", "DELETE"]),
    ]
    async with serving(Starlette(routes=routes)) as url:
        client = SalesforceClient(access(url))
        with pytest.raises(LoginRejected, match="a page to log in"):
            await client.query("SELECT Id FROM Case")
        assert asked == ["token", "token"]
        with pytest.raises(LoginRejected, match="a page to log in"):
            await client.update("Case", "500000000000001AAA", {})
        with pytest.raises(Misconfigured, match="leads elsewhere"):
            await client.delete("Case", "500000000000001AAA")
        await client.aclose()
