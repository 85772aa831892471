"""Writes to a fake Zendesk: what it checks, what it changes by itself, and what it notes in the ticket's audits."""

import copy
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from connectors.kit.fake import moved
from connectors.kit.html import clean
from connectors.zendesk import fake_copied, fake_values
from connectors.zendesk.fake_call import Problem, invalid
from connectors.zendesk.fake_render import View, time
from connectors.zendesk.fake_state import Attachment, Audit, Comment, Object, Ticket, User, World

ALLOWED = frozenset(
    {"additional_collaborators", "assignee_email", "assignee_id", "attribute_value_ids", "brand_id", "collaborator_ids", "collaborators",
     "comment", "custom_fields", "custom_status_id", "description", "due_at", "email_cc_ids", "email_ccs", "external_id", "fields",
     "follower_ids", "followers", "group_id", "metadata", "organization_id", "priority", "problem_id", "raw_subject", "recipient",
     "requester", "requester_id", "safe_update", "sharing_agreement_ids", "status", "subject", "submitter_id", "tags", "ticket_form_id",
     "type", "updated_stamp", "via", "via_followup_source_id", "id"}
)  # fmt: skip
TRACKED = (
    "subject", "status", "custom_status", "priority", "type", "assignee", "group", "requester", "due_at", "external_id", "form", "tags",
)  # fmt: skip
NAMES = {
    "custom_status": "custom_status_id",
    "assignee": "assignee_id",
    "group": "group_id",
    "requester": "requester_id",
    "form": "ticket_form_id",
}
_BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|h\d|pre|tr)>")
_TAG = re.compile(r"<[^>]+>")


@dataclass
class Done:
    """What a write made: the ticket, its audit, and the events that webhooks tell of, by the end of their type."""

    ticket: Ticket
    audit: Audit
    told: list[tuple[str, Object]] = field(default_factory=list[tuple[str, Object]])


def unpermitted(wanted: Mapping[str, JsonValue]) -> str:
    """The warning about keys that are dropped, empty if none are."""
    names = [name for name in wanted if name not in ALLOWED]
    quoted = ", ".join(f'"ticket.{name}"' for name in names)
    parameters = f':controller=>"tickets", :action=>"update", :unpermitted_keys=>[{quoted}], :invalid_values=>[]'
    return f"{{:allowed_parameters=>{{{parameters}}}}}" if names else ""


def create(world: World, actor: User, wanted: Object, view: View, at: datetime | None = None) -> Done:
    said = _comment_of(wanted) or ({"body": wanted["description"]} if wanted.get("description") else {})
    if not _text_of(said):
        raise invalid({"base": ["Description: cannot be blank"]}, "BlankValue")
    now = at or world.clock.now()
    ticket = Ticket(id=0, created=now, updated=now, requester=actor.id, submitter=actor.id, form=min(world.forms, default=None))
    ticket.custom_status = world.default_status("new")
    draft = _assigned(world, ticket, wanted, new=True)
    draft.subject = draft.subject or _plain(_text_of(said))[:50]
    draft.id = world.next_ticket()
    world.tickets[draft.id] = draft
    audit = Audit(world.next_id(), draft.id, actor.id, now, custom=_custom(wanted))
    done = Done(draft, audit, [("created", {})])
    author = actor.id if draft.submitter == actor.id else draft.submitter
    _say(world, done, {"public": True, **said, "author_id": said.get("author_id", author)}, view)
    audit.events += fake_copied.assign(world, draft, wanted)
    blank = Ticket(id=0, created=now, updated=now, requester=0, submitter=0, status="")
    audit.events += _events(world, blank, draft, "Create")
    draft.audits.append(audit)
    _fire(world, done, "")
    world.touch(draft)
    if at is not None:
        draft.updated = draft.generated = at
    world.record(actor.id, "create ticket", draft.id, {"subject": draft.subject, "external_id": draft.external_id})
    return done


def update(world: World, actor: User, ticket: Ticket, wanted: Object, view: View) -> Done:
    if ticket.status == "closed":
        raise invalid({"status": ["Status: closed prevents ticket update"]})
    if "safe_update" in wanted and wanted.get("updated_stamp") != time(ticket.updated):
        raise Problem(409, {"error": "UpdateConflict", "description": "Update failed: ticket was updated elsewhere"})
    before = copy.copy(ticket)
    before.tags, before.custom = list(ticket.tags), dict(ticket.custom)
    draft = _assigned(world, ticket, wanted, new=False)
    said = _comment_of(wanted)
    if said and not _text_of(said):
        raise invalid({"base": ["Comment: cannot be blank"]}, "BlankValue")
    audit = Audit(world.next_id(), ticket.id, actor.id, world.clock.now(), custom=_custom(wanted))
    done = Done(ticket, audit)
    for name in (*TRACKED, "custom"):
        setattr(ticket, name, getattr(draft, name))
    if said:
        _say(world, done, {"public": _is_public(ticket), "author_id": actor.id, **said}, view)
    audit.events += fake_copied.assign(world, ticket, wanted)
    changes = _events(world, before, ticket, "Change")
    audit.events += changes
    done.told += fake_values.told(changes)
    if not audit.events:
        return done
    ticket.audits.append(audit)
    _fire(world, done, before.status)
    world.touch(ticket)
    if changes:
        world.record(actor.id, "update ticket", ticket.id, moved(_tracked(before), _tracked(ticket)))
    return done


def _assigned(world: World, ticket: Ticket, wanted: Object, *, new: bool) -> Ticket:
    """A copy of the ticket with the wanted values; Problem with all faults of the first kind found."""
    draft = copy.copy(ticket)
    draft.tags, draft.custom = list(ticket.tags), dict(ticket.custom)
    faults: dict[str, list[str]] = {}
    for name in ("subject", "external_id"):
        if name in wanted:
            value = wanted[name]
            setattr(draft, name, str(value).strip() if value is not None else ("" if name == "subject" else None))
    fake_values.set_options(draft, wanted, faults)
    fake_values.set_people(world, draft, wanted, faults)
    fake_values.set_status(world, ticket, draft, wanted, faults, new=new)
    fake_values.set_places(world, draft, wanted, faults)
    fake_values.set_fields(world, draft, wanted, faults)
    if "due_at" in wanted and draft.type == "task":
        draft.due_at = fake_values.moment(wanted["due_at"], faults)
    if draft.type != "task":
        draft.due_at = None
    if faults:
        raise invalid(faults)
    return draft


def _say(world: World, done: Done, said: Object, view: View) -> None:
    """Add the comment with its files to the ticket and the audit."""
    tokens = said.get("uploads")
    files = _files(world, tokens if isinstance(tokens, list) else [tokens] if tokens else [])
    body = str(said.get("html_body") or "")
    plain = str(said.get("body") or "")
    inner = clean(body) if body else '<p dir="auto">' + html.escape(plain, quote=False).replace("\n", "<br>") + "</p>"
    style = "zd-comment" if body else "zd-comment zd-comment-pre-styled"
    author = said.get("author_id")
    comment = Comment(
        id=world.next_id(),
        audit=done.audit.id,
        author=author if isinstance(author, int) and author in world.users else done.audit.author,
        html_body=f'<div class="{style}" dir="auto">{inner}</div>',
        body=_plain(inner),
        public=said.get("public") is not False,
        created=done.audit.created,
        attachments=files,
        custom=done.audit.custom,
    )
    for file in files:
        file.comment = comment.id
    first = not done.ticket.comments
    done.ticket.comments.append(comment)
    done.audit.events.append(view.comment_event(comment))
    if not first:
        done.told.append(("comment_added", {"comment": {"id": str(comment.id), "body": comment.body, "is_public": comment.public}}))
        detail: Object = {"comment": comment.id, "body": comment.body, "public": comment.public, "custom": comment.custom}
        world.record(done.audit.author, "add comment", done.ticket.id, detail)
    for file in files:
        done.told.append(("attachment_linked_to_comment", {"attachment": {"id": str(file.id), "filename": file.file_name}}))
        world.record(done.audit.author, "add attachment", done.ticket.id, {"attachment": file.id, "file_name": file.file_name})


def _files(world: World, tokens: list[JsonValue]) -> list[Attachment]:
    """The waiting uploads; a token is good once."""
    lost = [one for one in tokens if str(one) not in world.uploads]
    if lost:
        raise invalid({"base": ["Attachments: the upload token is invalid or was used before"]})
    return [file for one in tokens for file in world.uploads.pop(str(one))]


def _fire(world: World, done: Done, before: str) -> None:
    """The account's triggers, within the same audit as the change that they come upon."""
    ticket = done.ticket
    for rule in world.seed.triggers:
        if ticket.status != rule.on_status or before == ticket.status:
            continue
        old = copy.copy(ticket)
        old.tags = list(ticket.tags)
        if rule.status:
            ticket.status, ticket.custom_status = rule.status, world.default_status(rule.status)
        ticket.priority = rule.priority or ticket.priority
        ticket.tags = sorted({*ticket.tags, *([rule.tag] if rule.tag else [])})
        via: Object = {"channel": "rule", "source": {"from": {"id": 1, "title": "An Acme trigger"}, "rel": "trigger", "to": {}}}
        for one in _events(world, old, ticket, "Change"):
            one["via"] = via
            done.audit.events.append(one)


def _events(world: World, before: Ticket, after: Ticket, kind: str) -> list[Object]:
    events: list[Object] = []
    for name in TRACKED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and not (kind == "Create" and new in (None, [], "")):
            events.append(_event(world, kind, NAMES.get(name, name), old, new))
    for number, new in after.custom.items():
        old = before.custom.get(number)
        if (old or None) != (new or None):
            events.append(_event(world, kind, str(number), old, new))
    return events


def _event(world: World, kind: str, name: str, old: JsonValue, new: JsonValue) -> Object:
    """Audits hold numbers as texts."""
    shown: Object = {"id": world.next_id(), "type": kind, "field_name": name, "value": _shown(new)}
    return {**shown, "previous_value": _shown(old)} if kind == "Change" else shown


def _shown(value: JsonValue) -> JsonValue:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _tracked(ticket: Ticket) -> Object:
    return {NAMES.get(name, name): getattr(ticket, name) for name in TRACKED} | {str(key): value for key, value in ticket.custom.items()}


def _comment_of(wanted: Object) -> Object:
    found = wanted.get("comment")
    return {"body": found} if isinstance(found, str) else found if isinstance(found, dict) else {}


def _text_of(said: Object) -> str:
    body = str(said.get("html_body") or "")
    return (_plain(clean(body)) if body else str(said.get("body") or "")).strip()


def _plain(markup: str) -> str:
    """The text of a page, lines apart."""
    return html.unescape(_TAG.sub("", _BREAKS.sub("\n", markup))).strip()


def _custom(wanted: Object) -> Object:
    found = wanted.get("metadata")
    return found if isinstance(found, dict) else {}


def _is_public(ticket: Ticket) -> bool:
    return ticket.comments[0].public if ticket.comments else True
