"""What the fake site tells of itself, for tests."""

import hashlib
from datetime import UTC

from pydantic import JsonValue

from connectors.jira import fake_text
from connectors.jira.fake_render import Object, View
from connectors.jira.fake_state import Issue, Site
from connectors.kit.fake import writes


def state(site: Site) -> JsonValue:
    """All that the site holds, tokens and secrets apart."""
    users: list[JsonValue] = [
        {
            "name": one.name,
            "key" if site.server else "accountId": one.account_id,
            "displayName": one.display_name,
            "email": one.email,
            "timeZone": one.time_zone,
        }
        for one in site.users.values()
    ]
    hooks: list[JsonValue] = [{"id": one.id, "url": one.url, "events": list[JsonValue](one.events)} for one in site.hooks.values()]
    return {
        "users": users,
        "projects": [{"id": one.id, "key": one.key, "name": one.name, "type": one.type} for one in site.projects.values()],
        "items": [_item(site, one) for one in site.issues.values()],
        "webhooks": hooks,
        "log": writes(site.log),
    }


def _item(site: Site, issue: Issue) -> Object:
    view = View(site, next(iter(site.users.values())), "")
    people = {one.account_id: one.name for one in site.users.values()}
    comments: list[JsonValue] = [
        {
            "id": one.id,
            "author": people[one.author],
            "body": one.body,
            "text": fake_text.plain(one.body),
            "internal": one.internal or one.visibility is not None,
            "visibility": one.visibility,
            "marker": marker_in(one.properties),
            "properties": one.properties,
        }
        for one in issue.comments
    ]
    attachments: list[JsonValue] = [
        {
            "id": one.id,
            "filename": one.filename,
            "mimetype": one.mimetype,
            "size": len(one.content),
            "sha256": hashlib.sha256(one.content).hexdigest(),
            "author": people[one.author],
        }
        for one in issue.attachments
    ]
    logs: list[JsonValue] = [
        {
            "id": one.id,
            "author": people[one.author],
            "seconds": one.seconds,
            "started": one.started.astimezone(UTC).isoformat(),
            "text": fake_text.plain(one.comment),
        }
        for one in issue.worklogs
    ]
    fields = {name: value for name, value in view.fields(issue).items() if name not in {"comment", "attachment", "worklog"}}
    return {
        "id": issue.id,
        "key": issue.key,
        "project": issue.project,
        "marker": marker_in(issue.properties),
        "properties": issue.properties,
        "fields": fields,
        "text": fake_text.plain(issue.description),
        "comments": comments,
        "attachments": attachments,
        "worklogs": logs,
    }


def marker_in(properties: Object) -> JsonValue:
    match properties.get("twinline"):
        case {"marker": str(marker)}:
            return marker
        case _:
            return None
