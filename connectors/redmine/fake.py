"""Redmine's REST API for issues as a stateful ASGI app.

Written from https://www.redmine.org/projects/redmine/wiki/Rest_api and the answers of Redmine 5.0. README.md tells the accounts and the
form of a seed. Redmine has no rate limit of its own: a rejected call gets what a proxy in front of it would answer.
"""

import base64
import binascii
import json
from typing import cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from connectors.kit.fake import Controls, Webhooks, fake_app
from connectors.kit.interface import FakeOptions
from connectors.redmine import fake_admin, fake_around, fake_planning, fake_query, fake_render, fake_time, fake_write
from connectors.redmine.fake_call import Call, Endpoint, absent, logged_in, page, project_of, unauthorized
from connectors.redmine.fake_world import PRIORITIES, STATUSES, TRACKERS, Attachment, Issue, Object, User, World

MODULE = "time_tracking"
CORE_FIELDS = ("assigned_to_id", "parent_issue_id", "start_date", "due_date", "done_ratio", "description")
UPLOAD_TYPE = "application/octet-stream"


class FakeRedmine:
    """One Redmine with `options.user` and `options.secret` as Twinline's account."""

    def __init__(self, options: FakeOptions) -> None:
        self.world = World(options)
        self._options = options
        controls = Controls()
        self._webhooks = Webhooks(controls)
        routes = [self._route(path, table) for path, table in self._table().items()]
        self._app = fake_app(routes, controls, lambda: fake_render.state(self.world), _rate_limited, log=self.world.log)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(cast("Scope", scope), cast("Receive", receive), cast("Send", send))

    def _table(self) -> dict[str, dict[str, Endpoint]]:
        return {
            "/users/current.json": {"GET": self._myself},
            "/my/account.json": {"GET": self._myself},
            "/roles/{id}.json": {"GET": self._role},
            "/users/{id}.json": {"GET": self._user},
            "/projects.json": {"GET": self._projects},
            "/projects/{id}.json": {"GET": self._project},
            "/projects/{id}/memberships.json": {"GET": self._memberships},
            "/issue_statuses.json": {"GET": self._statuses},
            "/trackers.json": {"GET": self._trackers},
            "/enumerations/issue_priorities.json": {"GET": self._priorities},
            "/custom_fields.json": {"GET": self._custom_fields},
            "/enumerations/time_entry_activities.json": {"GET": self._activities},
            "/time_entries.json": {"GET": self._time_entries, "POST": self._log_time},
            "/time_entries/{id}.json": {"GET": self._time_entry, "PUT": self._edit_time, "DELETE": self._delete_time},
            "/issues.json": {"GET": self._issues, "POST": self._create},
            "/projects/{project}/issues.json": {"GET": self._issues, "POST": self._create},
            "/issues/{id}.json": {"GET": self._issue, "PUT": self._update, "PATCH": self._update, "DELETE": self._delete},
            "/journals/{id}.json": {"PUT": self._edit_journal, "PATCH": self._edit_journal},
            "/uploads.json": {"POST": self._upload},
            "/attachments/{id}.json": {
                "GET": self._attachment,
                "PATCH": self._rename,
                "DELETE": self._delete_attachment,
            },
            "/attachments/download/{id}": {"GET": self._download},
            "/attachments/download/{id}/{name}": {"GET": self._download},
            "/search.json": {"GET": self._search},
            **fake_around.table(self.world, self._hint),
            **fake_admin.table(self.world),
            **fake_planning.table(self.world),
        }

    def _route(self, path: str, table: dict[str, Endpoint]) -> BaseRoute:
        async def serve(request: Request) -> Response:
            user = self._who(request)
            other = request.headers.get("x-redmine-switch-user")
            if other and user is not None and user.seed.admin:
                user = next((one for one in self.world.users.values() if one.seed.login == other), None)
                if user is None:
                    return Response(None, 412)
            if user is None and (self.world.seed.login_required or request.method != "GET"):
                return unauthorized()
            try:
                return await table["GET" if request.method == "HEAD" else request.method](Call(request, user))
            except (fake_write.Invalid, fake_query.Invalid) as error:
                return JSONResponse({"errors": list(error.errors) if isinstance(error, fake_write.Invalid) else [str(error)]}, 422)
            except ValueError:
                return Response(None, 400)

        return Route(path, serve, methods=list(table))

    def _who(self, request: Request) -> User | None:
        """By API key in header or address, or by HTTP Basic with login and password, or with the key as login."""
        key = request.headers.get("x-redmine-api-key") or request.query_params.get("key")
        if key:
            return self.world.user_by_key(key)
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            login, _, password = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        by_password = self.world.user_by_key(password)
        return by_password if by_password and by_password.seed.login == login else self.world.user_by_key(login)

    async def _myself(self, call: Call) -> Response:
        if call.user is None:
            return unauthorized()
        shown = fake_render.user(call.user, call.user, self.world.projects[1].created)
        if "memberships" in call.include:
            shown["memberships"] = [fake_render.own_membership(call.user, one) for one in self.world.projects.values()]
        return JSONResponse({"user": shown})

    async def _role(self, call: Call) -> Response:
        shown = fake_render.role(call.number)
        return JSONResponse({"role": shown}) if shown else absent()

    async def _user(self, call: Call) -> Response:
        found = self.world.users.get(call.number)
        if found is None:
            return absent()
        return JSONResponse({"user": fake_render.user(found, call.user, self.world.projects[1].created)})

    async def _projects(self, call: Call) -> Response:
        return page(call, "projects", [fake_render.project(one, call.include) for one in self.world.projects.values()])

    async def _project(self, call: Call) -> Response:
        found = self.world.project(call.request.path_params["id"])
        return JSONResponse({"project": fake_render.project(found, call.include)}) if found else absent()

    async def _memberships(self, call: Call) -> Response:
        found = self.world.project(call.request.path_params["id"])
        if found is None:
            return absent()
        return page(call, "memberships", [fake_render.membership(one, found) for one in self.world.users.values()])

    async def _statuses(self, call: Call) -> Response:
        del call
        return JSONResponse({"issue_statuses": [fake_render.status(number + 1) for number in range(len(STATUSES))]})

    async def _trackers(self, call: Call) -> Response:
        del call
        start: Object = {"id": 1, "name": "New"}
        more: Object = {"default_status": start, "description": None, "enabled_standard_fields": [*CORE_FIELDS]}
        return JSONResponse({"trackers": [{**fake_render.tracker(number + 1), **more} for number in range(len(TRACKERS))]})

    async def _priorities(self, call: Call) -> Response:
        del call
        shown = [{**fake_render.priority(one + 1), "is_default": name == "Normal", "active": True} for one, name in enumerate(PRIORITIES)]
        return JSONResponse({"issue_priorities": shown})

    async def _activities(self, call: Call) -> Response:
        del call
        return JSONResponse(fake_time.activities())

    async def _time_entries(self, call: Call) -> Response:
        parameters = call.request.query_params
        project = self.world.project(parameters["project_id"]) if "project_id" in parameters else None
        if "project_id" in parameters and project is None:
            return absent()
        if project is not None and MODULE not in project.seed.modules:
            return Response(None, 403)
        return page(call, "time_entries", fake_time.listed(self.world, parameters, project))

    async def _time_entry(self, call: Call) -> Response:
        found = self.world.time_entries.get(call.number)
        return JSONResponse({"time_entry": fake_time.shown(self.world, found)}) if found else absent()

    async def _log_time(self, call: Call) -> Response:
        wanted = await call.json("time_entry")
        issue = self.world.issues.get(fake_time.number(wanted.get("issue_id")))
        if issue is not None and MODULE not in self.world.projects[issue.project].seed.modules:
            return Response(None, 403)
        entry = fake_time.logged(self.world, logged_in(call), issue, wanted)
        return JSONResponse({"time_entry": fake_time.shown(self.world, entry)}, 201)

    async def _edit_time(self, call: Call) -> Response:
        found = self.world.time_entries.get(call.number)
        if found is None:
            return absent()
        user = logged_in(call)
        if not fake_time.may_edit(user):
            return Response(None, 403)
        fake_time.edited(self.world, user, found, await call.json("time_entry"))
        return Response(None, 204)

    async def _delete_time(self, call: Call) -> Response:
        found = self.world.time_entries.get(call.number)
        if found is None:
            return absent()
        user = logged_in(call)
        if not fake_time.may_edit(user):
            return Response(None, 403)
        fake_time.deleted(self.world, user, found)
        return Response(None, 204)

    async def _custom_fields(self, call: Call) -> Response:
        if call.user is None or not call.user.seed.admin:
            return Response(None, 403)
        kind: Object = {"customized_type": "issue", "field_format": "string", "is_filter": True, "multiple": False, "visible": True}
        return JSONResponse({"custom_fields": [{"id": key, "name": name, **kind} for key, name in self.world.custom_fields.items()]})

    async def _issues(self, call: Call) -> Response:
        parameters = {**call.request.query_params, **project_of(call)}
        if "project_id" in parameters and self.world.project(parameters["project_id"]) is None:
            return absent()
        found = fake_query.matching(self.world, parameters, call.user)
        include = [one for one in call.include if one in {"attachments", "relations"}]
        return page(call, "issues", [fake_render.issue(self.world, one, call.user, call.base, include) for one in found])

    async def _create(self, call: Call) -> Response:
        user = logged_in(call)
        issue = fake_write.create(self.world, user, {**await call.json("issue"), **project_of(call)})
        self._hint(issue)
        shown = fake_render.issue(self.world, issue, user, call.base)
        return JSONResponse({"issue": shown}, 201, {"Location": f"{call.base}/issues/{issue.id}"})

    async def _issue(self, call: Call) -> Response:
        found = self.world.issues.get(call.number)
        if found is None:
            return absent()
        return JSONResponse({"issue": fake_render.issue(self.world, found, call.user, call.base, call.include)})

    async def _update(self, call: Call) -> Response:
        found = self.world.issues.get(call.number)
        if found is None:
            return absent()
        fake_write.update(self.world, logged_in(call), found, await call.json("issue"))
        self._hint(found)
        return Response(None, 204)

    async def _delete(self, call: Call) -> Response:
        user = logged_in(call)
        found = self.world.issues.get(call.number)
        if found is None:
            return absent()
        if user.seed.role != "Manager" and not user.seed.admin:
            return Response(None, 403)
        del self.world.issues[found.id]
        self.world.relations = {number: one for number, one in self.world.relations.items() if found.id not in {one.source, one.target}}
        for one in self.world.issues.values():
            one.parent = None if one.parent == found.id else one.parent
        self.world.time_entries = {number: one for number, one in self.world.time_entries.items() if one.issue != found.id}
        for file in self.world.attached(found):
            del self.world.attachments[file.id]
        self.world.record(user, "delete issue", found.id, {})
        self._hint(found)
        return Response(None, 204)

    async def _edit_journal(self, call: Call) -> Response:
        user = logged_in(call)
        found = self.world.journal(call.number)
        if found is None:
            return absent()
        if user.seed.role != "Manager" and not user.seed.admin:
            return Response(None, 403)
        wanted = await call.json("journal")
        if "notes" in wanted:
            fake_write.edit_journal(self.world, user, *found, str(wanted["notes"] or ""))
            self._hint(found[0])
        return Response(None, 204)

    async def _upload(self, call: Call) -> Response:
        if call.request.headers.get("content-type", "") != UPLOAD_TYPE:
            return Response(None, 406)
        number = self.world.next_id("attachment")
        parameters = call.request.query_params
        file = Attachment(
            id=number,
            token="",
            author=logged_in(call).id,
            filename=parameters.get("filename", f"upload-{number}"),
            content=await call.request.body(),
            created=self.world.clock.now(),
            content_type=parameters.get("content_type", ""),
        )
        file.token = f"{number}.{file.sha256}"
        self.world.attachments[number] = file
        return JSONResponse({"upload": {"id": number, "token": file.token}}, 201)

    async def _attachment(self, call: Call) -> Response:
        found = self.world.attachments.get(call.number)
        return JSONResponse({"attachment": fake_render.attachment(self.world, found, call.base)}) if found else absent()

    async def _rename(self, call: Call) -> Response:
        """Name and description of a file."""
        found, user = self.world.attachments.get(call.number), logged_in(call)
        if found is None:
            return absent()
        wanted = await call.json("attachment")
        found.filename = str(wanted.get("filename") or found.filename)
        found.description = str(wanted.get("description", found.description))
        self.world.record(user, "edit attachment", found.issue, {"attachment": found.id, "filename": found.filename})
        return Response(None, 204)

    async def _delete_attachment(self, call: Call) -> Response:
        found = self.world.attachments.get(call.number)
        if found is None:
            return absent()
        issue = self.world.issues.get(found.issue or 0)
        fake_write.delete_attachment(self.world, logged_in(call), found)
        if issue is not None:
            self._hint(issue)
        return Response(None, 204)

    async def _download(self, call: Call) -> Response:
        found = self.world.attachments.get(call.number)
        if found is None or call.request.path_params.get("name", found.filename) != found.filename:
            return absent()
        return Response(found.content, media_type=found.content_type or UPLOAD_TYPE)

    async def _search(self, call: Call) -> Response:
        words = call.request.query_params.get("q", "").casefold().split()
        texts = {one.id: f"{one.subject} {one.description}".casefold() for one in self.world.issues.values()}
        found = [one for one in self.world.issues.values() if words and all(word in texts[one.id] for word in words)]
        results: list[Object] = [
            {
                "id": one.id,
                "title": f"{TRACKERS[one.tracker - 1]} #{one.id} ({STATUSES[one.status - 1]}): {one.subject}",
                "type": "issue",
                "url": f"{call.base}/issues/{one.id}",
                "description": one.description,
                "datetime": fake_render.time(one.created),
            }
            for one in found
        ]
        return page(call, "results", results)

    def _hint(self, issue: Issue) -> None:
        """What a script of the administrator would call; Redmine itself calls nobody."""
        if self._options.webhook_url:
            body = {"issue_id": issue.id, "write": len(self.world.log)}
            headers = {"Content-Type": "application/json", "X-Twinline-Token": self._options.webhook_secret}
            self._webhooks.send(self._options.webhook_url, json.dumps(body).encode(), headers, retried=False)


def _rate_limited() -> Response:
    return Response("Too Many Requests", 429, {"Retry-After": "1"})
