"""Pages of other sites cannot steer the API."""

import httpx
import pytest

from tests.api.api_site import Site


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="a program"),
        pytest.param({"Sec-Fetch-Site": "none"}, 200, id="typed by a person"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="a page of another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a page of another host"),
        pytest.param({"Origin": "https://acme.example"}, 403, id="another origin"),
        pytest.param({"Origin": "null"}, 403, id="no origin"),
    ],
)
async def test_only_own_pages_and_programs_may_call(site: Site, headers: dict[str, str], status: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{site.url}/api/v1/twins", headers=headers)
    assert answer.status_code == status


async def test_own_origin_may_call(site: Site) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{site.url}/api/v1/twins", headers={"Origin": site.url})
    assert answer.status_code == 200
