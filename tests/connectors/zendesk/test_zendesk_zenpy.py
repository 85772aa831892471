"""An independent client library cannot tell the fake from Zendesk: Zenpy (https://github.com/facetoe/zenpy)."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from zendesk_site import ZendeskSite
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket, User
from zenpy.lib.exception import APIException, RecordNotFoundException

ACCOUNT = "https://acme.zendesk.com"


class _Elsewhere(HTTPAdapter):
    """Calls to the account's address that go to the fake."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: Any, *args: Any, **more: Any) -> Any:
        asked = request.url
        request.url = asked.replace(ACCOUNT, self._url)
        request.headers.update({"Host": "acme.zendesk.com", "X-Forwarded-Proto": "https"})
        response = super().send(request, *args, **more)
        request.url = response.url = asked
        return response


def _client(url: str, token: str = "ann-token") -> Any:
    session = requests.Session()
    session.trust_env = False
    session.mount(ACCOUNT, _Elsewhere(url))
    session.auth = ("ann@acme.test/token", token)
    session.authorized = True  # pyright: ignore[reportAttributeAccessIssue]
    return Zenpy(subdomain="acme", email="ann@acme.test", token=token, session=session, disable_cache=True)


def _work(url: str) -> None:
    client = _client(url)
    assert client.users.me().email == "ann@acme.test"
    made = client.tickets.create(Ticket(subject="Rocket", comment=Comment(body="Burns\nbadly"), priority="high", tags=["space"]))
    ticket = made.ticket
    assert (ticket.subject, ticket.status, ticket.description) == ("Rocket", "new", "Burns\nbadly")
    assert {event["type"] for event in made.audit.events} == {"Comment", "Create"}
    ticket.status = "solved"
    ticket.comment = Comment(html_body="<p>For <b>us</b></p>", public=False)
    changed = client.tickets.update(ticket)
    assert (changed.ticket.status, len(changed.audit.events)) == ("solved", 3)
    comments = list(client.tickets.comments(ticket.id))
    assert [(one.plain_body, one.public, one.author.name) for one in comments] == [
        ("Burns\nbadly", True, "Ann Archer"),
        ("For us", False, "Ann Archer"),
    ]
    client.tickets.add_tags(ticket.id, ["moon"])
    client.tickets.delete_tags(ticket.id, ["space"])
    assert client.tickets(id=ticket.id).tags == ["moon"]
    assert {one.title for one in client.ticket_fields()} >= {"Subject", "Product"}
    assert {one.agent_label for one in client.custom_statuses()} >= {"Waiting for Acme"}
    assert [one.name for one in client.groups()] == ["Support", "Engineering"]


def _files(url: str) -> None:
    client = _client(url)
    upload = client.attachments.upload(io.BytesIO(b"smoke"), target_name="smoke.txt", content_type="text/plain")
    ticket = client.tickets(id=1)
    ticket.comment = Comment(body="See the file", uploads=[upload.token])
    client.tickets.update(ticket)
    comment = list(client.tickets.comments(1))[-1]
    [attachment] = comment.attachments
    assert (attachment.file_name, attachment.size, attachment.content_type) == ("smoke.txt", 5, "text/plain")
    assert client.attachments.download(attachment.id).getvalue() == b"smoke"
    ticket = client.tickets(id=1)
    ticket.comment = Comment(body="Once more", uploads=[upload.token])
    with pytest.raises(APIException, match="used before"):
        client.tickets.update(ticket)


def _lists(url: str) -> None:
    client = _client(url)
    for number in range(7):
        client.tickets.create(Ticket(subject=f"Crowd {number}", comment=Comment(body="x"), tags=["crowd"]))
    since = datetime.now(UTC) - timedelta(hours=1)
    assert len(list(client.tickets(cursor_pagination=3))) == 10
    assert len(list(client.search(type="ticket", tags="crowd"))) == 7
    assert len(list(client.search_export(type="ticket", query="tags:crowd"))) == 7
    exported = client.tickets.incremental(start_time=since, paginate_by_time=False, per_page=3)
    assert [one.subject for one in exported] == [f"Crowd {number}" for number in range(7)]
    assert {one.name for one in client.users.search(query="email:carol@acme.test")} == {"Carol Customer"}
    assert client.users.create_or_update(User(name="Dora", email="dora@acme.test")).role == "end-user"


def _refusals(url: str) -> None:
    with pytest.raises(APIException, match="Couldn't authenticate"):
        _client(url, "wrong-token").users.me()
    client = _client(url)
    with pytest.raises(RecordNotFoundException):
        client.tickets(id=99)
    with pytest.raises(APIException, match="closed prevents ticket update"):
        client.tickets.update(Ticket(id=3, subject="x"))
    with pytest.raises(APIException, match="Description: cannot be blank"):
        client.tickets.create(Ticket(subject="x", comment=Comment(body=" ")))
    client.tickets.delete(client.tickets(id=2))
    with pytest.raises(RecordNotFoundException):
        client.tickets(id=2)
    assert [one.id for one in client.tickets.deleted()] == [2]
    client.tickets.restore(2)
    assert client.tickets(id=2).subject == "Invoice has no number"


@pytest.mark.parametrize("work", [_work, _files, _lists, _refusals])
async def test_zenpy(site: ZendeskSite, work: Any) -> None:
    await asyncio.to_thread(work, site.url)
