"""What `POST /_fake/control` says to what it does not know."""

import httpx
import pytest
from starlette.responses import Response

from connectors.kit.fake import Controls, fake_app, serving


@pytest.mark.parametrize("body", ["", "[]", "1", '{"lag_s": -1}', '{"lag": 1}'])
async def test_a_body_that_sets_no_control_is_refused(body: str) -> None:
    controls = Controls()
    app = fake_app([], controls, lambda: None, lambda: Response("", 429))
    async with serving(app) as url, httpx.AsyncClient(trust_env=False, base_url=url) as client:
        answer = await client.post("/_fake/control", content=body)
    assert (answer.status_code, controls) == (400, Controls())
