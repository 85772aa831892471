"""How the fake's data change: each write bumps times, is logged and indexed, and goes out to the hooks."""

import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import uuid4

from connectors.github.fake_limits import Limits
from connectors.github.fake_render import Json, Renderer
from connectors.github.fake_render_pulls import pull_event
from connectors.github.fake_state import Event, Hook, Issue, Label, Repository, Sent, Snapshot, State
from connectors.kit.fake import Clock, Controls, Record, Webhooks
from connectors.kit.webhooks import hex_signature

KEPT_DELIVERIES = 200


@dataclass(frozen=True)
class Actor:
    """Who writes, and the addresses they used."""

    login: str
    base: str
    web: str


@dataclass(frozen=True)
class World:
    state: State
    controls: Controls
    webhooks: Webhooks
    clock: Clock
    limits: Limits

    def renderer(self, actor: Actor) -> Renderer:
        return Renderer(self.state, actor.base, actor.web)

    def log(self, actor: Actor, action: str, item: str, detail: Json | None = None) -> None:
        at = datetime.now(UTC).isoformat()
        self.state.log.append(Record(at=at, actor=actor.login, action=action, item=item, detail=detail or {}))

    def touch(self, repository: Repository, issue: Issue) -> datetime:
        """The issue changed now, and the search index will learn of it."""
        issue.updated_at = self.clock.now()
        self.index(repository, issue.number, issue)
        return issue.updated_at

    def index(self, repository: Repository, number: int, issue: Issue | None) -> None:
        snapshot = Snapshot(at=time.time(), issue=issue.model_copy(deep=True) if issue else None)
        kept = repository.index.setdefault(number, [])
        kept.append(snapshot)
        del kept[:-20]

    def indexed(self, repository: Repository) -> list[Issue]:
        """The issues as the search index has them, `lag_s` ago."""
        seen = time.time() - self.controls.lag_s
        latest = (next((one for one in reversed(kept) if one.at <= seen), None) for kept in repository.index.values())
        return [one.issue for one in latest if one is not None and one.issue is not None]

    def event(self, actor: Actor, issue: Issue, name: str, detail: Json | None = None) -> None:
        """One entry of the issue's history."""
        issue.events.append(
            Event(id=self.state.new_id(), event=name, actor=actor.login, created_at=self.clock.now(), detail=detail or {}),
        )

    def label(self, repository: Repository, name: str) -> Label:
        """The label of that name, made where it does not exist."""
        found = repository.label(name)
        if found is None:
            found = Label(id=self.state.new_id(), name=name)
            repository.labels.append(found)
        return found

    def send(self, actor: Actor, repository: Repository, event: str, payload: Callable[[Renderer], Json]) -> None:
        """Deliver an event to the hooks that want it."""
        for hook in repository.hooks:
            if hook.active and (event in hook.events or "*" in hook.events):
                self.deliver(actor, repository, hook, event, payload(self.renderer(actor)))

    def deliver(self, actor: Actor, repository: Repository, hook: Hook, event: str, payload: Json) -> None:
        """One delivery, signed where the hook has a secret; it is repeated only when somebody asks for that."""
        renderer = self.renderer(actor)
        whole: Json = {**payload, "repository": renderer.repository(repository, actor.login), "sender": renderer.user(actor.login)}
        content = json.dumps(whole).encode()
        form = hook.content_type == "form"
        body = urlencode({"payload": content.decode()}).encode() if form else content
        guid = str(uuid4())
        headers = {
            "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
            "User-Agent": "GitHub-Hookshot/fake",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": guid,
            "X-GitHub-Hook-ID": str(hook.id),
            "X-GitHub-Hook-Installation-Target-ID": str(repository.id),
            "X-GitHub-Hook-Installation-Target-Type": "repository",
        }
        if hook.secret:
            headers["X-Hub-Signature"] = f"sha1={hmac.new(hook.secret.encode(), body, 'sha1').hexdigest()}"
            headers["X-Hub-Signature-256"] = hex_signature(body, hook.secret)
        identity, at = self.state.new_id(), self.clock.now()
        self.hand_over(hook, Sent(id=identity, guid=guid, event=event, at=at, headers=headers, payload=whole, body=body))

    def hand_over(self, hook: Hook, sent: Sent) -> None:
        """Post, and keep what was answered."""

        def told(status: int) -> None:
            sent.status = status

        hook.sent.append(sent)
        del hook.sent[:-KEPT_DELIVERIES]
        self.webhooks.send(hook.url, sent.body, sent.headers, retried=False, told=told)

    def issue_event(self, actor: Actor, repository: Repository, issue: Issue, action: str, extra: Json | None = None) -> None:
        """An `issues` delivery, or of a pull request a `pull_request` one."""
        if issue.pull_request:
            self.send(actor, repository, "pull_request", lambda r: pull_event(r, repository, issue, action, extra or {}, actor.login))
        else:
            self.send(actor, repository, "issues", lambda r: {"action": action, "issue": r.issue(repository, issue), **(extra or {})})

    def comment_event(self, actor: Actor, repository: Repository, issue: Issue, action: str, extra: Json) -> None:
        """An `issue_comment` delivery; `extra` has the comment."""
        self.send(actor, repository, "issue_comment", lambda r: {"action": action, "issue": r.issue(repository, issue), **extra})
