"""Zendesk's Support API as a stateful ASGI app. Addresses may end in `.json`, and doubled slashes count once, as some clients send them.

Written from https://developer.zendesk.com/api-reference/ticketing/introduction/. README.md tells the accounts and the form of a seed.
"""

import re
from functools import partial
from typing import cast

from pydantic import JsonValue
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from connectors.kit.fake import fake_app
from connectors.kit.fake_page import page_route
from connectors.kit.interface import FakeOptions
from connectors.zendesk import fake_around as around
from connectors.zendesk import fake_export as export
from connectors.zendesk import fake_fields as fields
from connectors.zendesk import fake_files as files
from connectors.zendesk import fake_hooks as hooks
from connectors.zendesk import fake_lists as lists
from connectors.zendesk import fake_many as many
from connectors.zendesk import fake_meta as meta
from connectors.zendesk import fake_organizations as organizations
from connectors.zendesk import fake_people as people
from connectors.zendesk import fake_requests as requests
from connectors.zendesk import fake_rules as rules
from connectors.zendesk import fake_search as search
from connectors.zendesk import fake_tickets as tickets
from connectors.zendesk import fake_write
from connectors.zendesk.fake_call import Call, Endpoint, endpoint, not_found, rate_limited
from connectors.zendesk.fake_render import View, state
from connectors.zendesk.fake_seed import SeedTicket, long_ago
from connectors.zendesk.fake_shown import entries
from connectors.zendesk.fake_state import Object, World

_ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/users/me", meta.me),
    ("GET", "/users/search", meta.search_users),
    ("GET", "/users/autocomplete", meta.complete),
    ("GET", "/users/show_many", meta.show_many),
    ("GET", "/users/count", meta.count_users),
    ("GET", "/users/{id}", meta.get_user),
    ("GET", "/users/{id}/identities", lists.identities),
    ("GET", "/users/{id}/tickets/{how}", lists.tickets_of),
    ("GET", "/tags", lists.tags),
    ("GET", "/users", meta.list_users),
    ("GET", "/groups", meta.list_groups),
    ("GET", "/groups/assignable", meta.list_groups),
    ("GET", "/groups/count", meta.count_groups),
    ("GET", "/groups/{id}", meta.get_group),
    ("GET", "/job_statuses", many.list_jobs),
    ("GET", "/job_statuses/{id}", many.get_job),
    ("PUT", "/tickets/update_many", many.update_many),
    ("POST", "/tickets/{id}/merge", many.merge),
    ("DELETE", "/tickets/destroy_many", many.destroy_many),
    ("GET", "/ticket_fields", fields.list_fields),
    ("POST", "/ticket_fields", fields.create_field),
    ("GET", "/ticket_fields/{id}", fields.get_field),
    ("PUT", "/ticket_fields/{id}", fields.update_field),
    ("DELETE", "/ticket_fields/{id}", fields.delete_field),
    ("GET", "/ticket_forms", meta.list_forms),
    ("GET", "/custom_statuses", meta.list_statuses),
    ("GET", "/account/settings", meta.settings),
    ("GET", "/tickets", tickets.list_tickets),
    ("POST", "/tickets", tickets.create_ticket),
    ("GET", "/tickets/count", tickets.count),
    ("GET", "/tickets/recent", lists.recent),
    ("GET", "/tickets/show_many", tickets.show_many),
    ("POST", "/tickets/create_many", tickets.create_many),
    ("GET", "/tickets/{id}", tickets.get_ticket),
    ("PUT", "/tickets/{id}", tickets.update_ticket),
    ("DELETE", "/tickets/{id}", tickets.delete_ticket),
    ("GET", "/tickets/{id}/comments", tickets.list_comments),
    ("GET", "/tickets/{id}/comments/count", tickets.count_comments),
    ("PUT", "/tickets/{ticket}/comments/{id}/make_private", tickets.make_private),
    ("PUT", "/tickets/{ticket}/comments/{comment}/attachments/{id}/redact", files.redact),
    ("GET", "/tickets/{id}/audits", tickets.list_audits),
    ("GET", "/tickets/{id}/collaborators", lists.collaborators),
    ("GET", "/tickets/{id}/followers", lists.followers),
    ("GET", "/tickets/{id}/email_ccs", lists.email_ccs),
    ("GET", "/tickets/{id}/incidents", lists.incidents),
    ("GET", "/tickets/{id}/tags", tickets.list_tags),
    ("POST", "/tickets/{id}/tags", tickets.change_tags),
    ("PUT", "/tickets/{id}/tags", tickets.change_tags),
    ("DELETE", "/tickets/{id}/tags", tickets.change_tags),
    ("GET", "/deleted_tickets", tickets.list_deleted),
    ("PUT", "/deleted_tickets/{id}/restore", tickets.restore),
    ("DELETE", "/deleted_tickets/{id}", tickets.delete_forever),
    ("POST", "/uploads", files.upload),
    ("DELETE", "/uploads/{token}", files.delete_upload),
    ("GET", "/attachments/{id}", files.get_attachment),
    ("GET", "/search", search.search),
    ("GET", "/search/count", search.search_count),
    ("GET", "/search/export", search.search_export),
    ("GET", "/incremental/tickets/cursor", export.by_cursor),
    ("GET", "/incremental/tickets", export.by_time),
    ("GET", "/incremental/tickets/sample", export.sample),
    ("GET", "/incremental/ticket_events", export.events),
    ("GET", "/incremental/users", export.users),
    ("GET", "/incremental/users/cursor", export.users),
    ("GET", "/incremental/organizations", export.organizations),
    ("GET", "/webhooks", hooks.list_hooks),
    ("POST", "/webhooks", hooks.create_hook),
    ("GET", "/webhooks/{id}", hooks.get_hook),
    ("PUT", "/webhooks/{id}", hooks.update_hook),
    ("PATCH", "/webhooks/{id}", hooks.update_hook),
    ("DELETE", "/webhooks/{id}", hooks.delete_hook),
    ("GET", "/webhooks/{id}/signing_secret", hooks.get_secret),
    ("POST", "/webhooks/{id}/signing_secret", hooks.new_secret),
    *around.ROUTES,
    *organizations.ROUTES,
    *people.ROUTES,
    *requests.ROUTES,
    *rules.ROUTES,
)


class FakeZendesk:
    """One account with `options.user` and `options.secret` as Twinline's e-mail address and API token."""

    def __init__(self, options: FakeOptions) -> None:
        self.world = World(options)
        for one in self.world.seed.tickets:
            _plant(self.world, one)
        hooks.plant(self.world)
        known: list[BaseRoute] = [
            Route(f"/api/v2{path}", endpoint(self.world, answer), methods=[method]) for method, path, answer in _ROUTES
        ]
        every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        known += [
            Route("/attachments/token/{token}/", partial(files.download, self.world)),
            Route("/oauth/tokens", partial(meta.token, self.world), methods=["POST"]),
            page_route("Zendesk", lambda: entries(self.world)),
            Route("/api/v2/{path:path}", endpoint(self.world, _nothing), methods=every),
        ]
        self._app = fake_app(known, self.world.controls, self._shown, rate_limited, log=self.world.log)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        there = cast("Scope", scope)
        if there["type"] == "http" and there["path"].startswith("/api/"):
            there = {**there, "path": re.sub("//+", "/", there["path"]).removesuffix(".json")}
        await self._app(there, cast("Receive", receive), cast("Send", send))

    def _shown(self) -> JsonValue:
        return state(self.world)


async def _nothing(call: Call) -> Response:
    del call
    raise not_found()


def _plant(world: World, one: SeedTicket) -> None:
    """A ticket of the seed, as if somebody had made it through the API some days ago."""
    view, at = View(world, "http://127.0.0.1"), long_ago(one.age_days)
    ids = {field.title: field.id for field in world.own_fields()}
    values: list[JsonValue] = [{"id": ids[title], "value": value} for title, value in one.custom_fields.items()]
    email = one.requester or (world.seed.users[0].email if world.seed.users else world.options.user)
    requester = world.user_by_email(email)
    wanted: Object = {
        "subject": one.subject,
        "comment": {"body": one.description},
        "requester": {"email": email, "name": email},
        "submitter_id": requester.id if requester else None,
        "status": one.status,
        "priority": one.priority,
        "type": one.type,
        "tags": [*one.tags],
        "custom_fields": values,
        "external_id": one.external_id,
        "due_at": one.due_at,
    }
    if one.assignee:
        wanted["assignee_email"] = one.assignee
    if one.group:
        wanted["group_id"] = next(number for number, name in world.groups.items() if name == one.group)
    actor = requester or next(iter(world.users.values()))
    done = fake_write.create(world, actor, wanted, view, at)
    for said in one.comments:
        author = world.user_by_email(said.author) or actor
        fake_write.update(world, author, done.ticket, {"comment": {"body": said.body, "public": said.public}}, view)
    world.plant(done.ticket, at)
    world.log.clear()
