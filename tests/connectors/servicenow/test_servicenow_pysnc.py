"""ServiceNow's own client library cannot tell the fake from an instance: pysnc (https://github.com/ServiceNow/PySNC)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pysnc
import pytest
import requests
from pysnc.exceptions import AuthenticationException, RequestException, RoleException
from requests.adapters import HTTPAdapter
from servicenow_site import SECRET, USER, Site, running


class _Plain(HTTPAdapter):
    """The library speaks https only, and the fake does not."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **kwargs)


def _client(url: str, login: str = "ann", password: str = "", token: str = "") -> Any:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _Plain())
    if token:
        session.headers["Authorization"] = f"Bearer {token}"
    else:
        session.auth = (login, password or f"{login}-secret")
    return pysnc.ServiceNowClient(url.replace("http://", "https://"), session, auto_retry=False)


def _life(url: str) -> None:
    """Create, read, update, comment, attach, delete."""
    client = _client(url, USER, SECRET)
    incident = client.GlideRecord("incident")
    incident.initialize()
    incident.short_description, incident.impact, incident.urgency = "By a library", "1", "1"
    incident.set_value("assigned_to", "")
    assert incident.insert()
    assert (incident.get_value("number"), incident.get_display_value("priority")) == ("INC0000003", "1 - Critical")
    incident.set_value("state", "2")
    incident.set_value("work_notes", "Looking")
    assert incident.update()
    assert incident.get_display_value("state") == "In Progress"
    assert "Twin Agent (Work notes)\nLooking" in incident.get_display_value("work_notes")
    notes = client.GlideRecord("sys_journal_field")
    notes.add_query("element_id", incident.sys_id)
    notes.query()
    assert [(one.element.get_value(), one.value.get_value()) for one in notes] == [("work_notes", "Looking")]
    incident.add_attachment("smoke.txt", b"smoke", "text/plain")
    [attachment] = list(incident.get_attachments())
    assert (attachment.file_name, attachment.size_bytes, attachment.read()) == ("smoke.txt", "5", b"smoke")
    attachment.delete()
    assert incident.delete()
    assert not client.GlideRecord("incident").get(incident.sys_id)


def _queries(url: str) -> None:
    client = _client(url)
    for number in range(7):
        one = client.GlideRecord("incident")
        one.initialize()
        one.short_description, one.category = f"Crowd {number}", "software" if number % 2 else "hardware"
        one.insert()
    crowd = client.GlideRecord("incident", batch_size=3)
    crowd.add_query("short_description", "STARTSWITH", "Crowd")
    crowd.add_active_query()
    crowd.order_by_desc("number")
    crowd.query()
    assert (crowd.get_row_count(), [str(one.short_description)[-1] for one in crowd]) == (7, list("6543210"))
    either = client.GlideRecord("incident")
    either.add_query("short_description", "Crowd 1").add_or_condition("short_description", "Crowd 2")
    either.query()
    assert sorted(str(one.short_description) for one in either) == ["Crowd 1", "Crowd 2"]
    recent = client.GlideRecord("incident")
    recent.add_encoded_query("sys_updated_on>=javascript:gs.minutesAgoStart(5)^short_descriptionLIKEcrowd^category=software")
    recent.fields = "number,assigned_to.name,category"
    recent.query()
    assert recent.get_row_count() == 3
    assert {one.get_display_value("category") for one in recent} == {"Software"}


def _several(url: str) -> None:
    """Through the Batch API."""
    client = _client(url, USER, SECRET)
    every = client.GlideRecord("incident")
    every.query()
    for one in every:
        one.set_value("urgency", "1")
    every.rewind()
    assert every.update_multiple()
    urgent = client.GlideRecord("incident")
    urgent.add_query("urgency", "1")
    urgent.query()
    assert urgent.get_row_count() == 2
    refused: list[int] = []
    for one in urgent:
        one.set_value("state", "6")

    def noted(answer: requests.Response) -> None:
        refused.append(answer.status_code)

    assert urgent.update_multiple(noted)
    assert refused == [403, 403]
    assert urgent.delete_multiple()
    gone = client.GlideRecord("incident")
    gone.query()
    assert gone.get_row_count() == 0


def _log_in(url: str) -> None:
    grant = {"grant_type": "client_credentials", "client_id": "any-client", "client_secret": SECRET}
    session = requests.Session()
    session.trust_env = False
    token = session.post(f"{url}/oauth_token.do", data=grant).json()["access_token"]
    assert _client(url, token=token).GlideRecord("sys_user").get("user_name", USER)
    assert session.post(f"{url}/oauth_token.do", data={**grant, "client_secret": "wrong"}).status_code == 401
    for bad in ({"login": "ann", "password": "wrong"}, {"login": "nobody"}, {"token": "wrong"}):
        with pytest.raises(AuthenticationException):
            _client(url, **bad).GlideRecord("incident").query()


def _refusals(url: str) -> None:
    client = _client(url)
    with pytest.raises(RequestException):
        client.GlideRecord("incidnt").query()
    with pytest.raises(RoleException):
        client.GlideRecord("sys_audit_delete").query()
    incident = client.GlideRecord("incident")
    assert incident.get("number", "INC0000001")
    incident.set_value("state", "6")
    with pytest.raises(RoleException, match="Resolution code, Resolution notes"):
        incident.update()
    incident.set_value("close_code", "Solution provided")
    incident.set_value("close_notes", "Extinguished")
    assert incident.update()
    assert incident.get_display_value("state") == "Resolved"


@pytest.mark.parametrize("work", [_life, _queries, _several, _log_in, _refusals])
async def test_pysnc(site: Site, work: Callable[[str], None]) -> None:
    await asyncio.to_thread(work, site.url)


async def test_a_rate_limit_reaches_the_library() -> None:
    async with running({"rate_limit": 2}) as site:
        client = _client(site.url)
        for number in ("INC0000001", "INC0000002"):
            assert await asyncio.to_thread(client.GlideRecord("incident").get, "number", number)
        with pytest.raises(RequestException, match="Rate limit exceeded"):
            await asyncio.to_thread(client.GlideRecord("incident").query)
