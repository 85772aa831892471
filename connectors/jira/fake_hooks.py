"""The fake site's webhooks: registered through the admin API, sent signed, in the form of version 2."""

import json
import time
import uuid
from collections.abc import Mapping

from pydantic import JsonValue

from connectors.jira.fake_jql import JqlError
from connectors.jira.fake_render import View
from connectors.jira.fake_search import Search
from connectors.jira.fake_state import Hook, Issue
from connectors.kit.webhooks import hex_signature

THIN: tuple[str, ...] = ("summary", "issuetype", "project", "assignee", "priority", "status")
WITHOUT_ISSUE = ("attachment_",)


def emit(view: View, event: str, issue: Issue, extra: Mapping[str, JsonValue]) -> None:
    """Send the event to every webhook that wants it; `view` is of the person who caused it."""
    old = View(view.site, view.viewer, view.base, "2")
    payload: dict[str, JsonValue] = {"timestamp": time.time_ns() // 1_000_000, "webhookEvent": event, **extra}
    if event.startswith("jira:issue_"):
        payload["user"] = old.user(view.viewer.account_id)
    if not event.startswith(WITHOUT_ISSUE):
        wanted = ["*navigable"] if event.startswith("jira:issue_") else list(THIN)
        shown = old.issue(issue, wanted, [])
        payload["issue"] = {name: shown[name] for name in ("id", "self", "key", "fields")}
    body = json.dumps(payload).encode()
    for hook in view.site.hooks.values():
        if hook.on and event in hook.events and _wanted(view, hook, issue):
            view.site.webhooks.send(hook.url, body, _headers(hook, body), retried=True)


def _wanted(view: View, hook: Hook, issue: Issue) -> bool:
    if not hook.jql:
        return True
    try:
        return Search(view.site, view.viewer).matches(hook.jql, issue)
    except JqlError:
        return False


def _headers(hook: Hook, body: bytes) -> dict[str, str]:
    signature = {"X-Hub-Signature": hex_signature(body, hook.secret)} if hook.secret else {}
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Atlassian Webhook HTTP Client",
        "X-Atlassian-Webhook-Identifier": str(uuid.uuid4()),
        "X-Atlassian-Webhook-Flow": "Primary",
        **signature,
    }
