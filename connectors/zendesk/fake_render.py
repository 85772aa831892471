"""The fake's objects as Zendesk shows them."""

from datetime import datetime

from pydantic import JsonValue

from connectors.kit.fake import writes
from connectors.zendesk.fake_state import Attachment, Audit, Comment, Object, Status, Ticket, TicketField, User, World

SYSTEM: Object = {"client": "python", "ip_address": "192.0.2.7", "location": "Acme City", "latitude": 48.1, "longitude": 11.5}
VIA: Object = {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}


def time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class View:
    """Objects with addresses as the caller reached them: `base` has no slash at its end."""

    def __init__(self, world: World, base: str) -> None:
        self.world = world
        self.base = base

    def api(self, path: str) -> str:
        return f"{self.base}/api/v2/{path}.json"

    def ticket(self, one: Ticket) -> Object:
        status = "deleted" if one.deleted else one.status
        custom: list[JsonValue] = [self._custom(known, one) for known in self.world.own_fields()]
        first = one.comments[0] if one.comments else None
        return {
            "url": self.api(f"tickets/{one.id}"),
            "id": one.id,
            "external_id": one.external_id,
            "via": VIA,
            "created_at": time(one.created),
            "updated_at": time(one.updated),
            "generated_timestamp": int(one.generated.timestamp()),
            "type": one.type,
            "subject": one.subject,
            "raw_subject": one.subject,
            "description": first.body if first else "",
            "priority": one.priority,
            "status": status,
            "recipient": None,
            "requester_id": one.requester,
            "submitter_id": one.submitter,
            "assignee_id": one.assignee,
            "organization_id": self.world.users[one.requester].more.get("organization_id"),
            "group_id": one.group,
            "collaborator_ids": [*sorted({*one.email_ccs, *one.followers})],
            "follower_ids": [*one.followers],
            "email_cc_ids": [*one.email_ccs],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": any(comment.public for comment in one.comments),
            "due_at": one.due_at,
            "tags": [*one.tags],
            "custom_fields": custom,
            "fields": custom,
            "satisfaction_rating": {"score": "unoffered"},
            "sharing_agreement_ids": [],
            "custom_status_id": one.custom_status,
            "followup_ids": [],
            "ticket_form_id": one.form,
            "brand_id": 360001,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
        }

    def _custom(self, known: TicketField, ticket: Ticket) -> JsonValue:
        empty: JsonValue = False if known.type == "checkbox" else None
        return {"id": known.id, "value": ticket.custom.get(known.id, empty)}

    def comment(self, one: Comment) -> Object:
        metadata: Object = {"system": SYSTEM}
        if self.world.seed.comment_metadata:
            metadata["custom"] = one.custom
        return {
            "id": one.id,
            "type": "Comment",
            "author_id": one.author,
            "body": one.body,
            "html_body": one.html_body,
            "plain_body": one.body,
            "public": one.public,
            "attachments": [self.attachment(file) for file in one.attachments],
            "audit_id": one.audit,
            "via": VIA,
            "created_at": time(one.created),
            "metadata": metadata,
        }

    def audit(self, one: Audit) -> Object:
        return {
            "id": one.id,
            "ticket_id": one.ticket,
            "created_at": time(one.created),
            "author_id": one.author,
            "metadata": {"system": SYSTEM, "custom": one.custom},
            "events": [*one.events],
            "via": VIA,
        }

    def comment_event(self, one: Comment) -> Object:
        shown = self.comment(one)
        kept = ("id", "type", "author_id", "body", "html_body", "plain_body", "public", "attachments", "audit_id")
        return {name: shown[name] for name in kept}

    def attachment(self, one: Attachment) -> Object:
        address = f"{self.base}/attachments/token/{one.token}/?name={one.file_name.replace(' ', '+')}"
        return {
            "url": self.api(f"attachments/{one.id}"),
            "id": one.id,
            "file_name": one.file_name,
            "content_url": address,
            "mapped_content_url": address,
            "content_type": one.content_type,
            "size": len(one.content),
            "width": None,
            "height": None,
            "inline": False,
            "deleted": one.deleted,
            "malware_access_override": False,
            "malware_scan_result": "malware_not_found",
            "thumbnails": [],
        }

    def user(self, one: User) -> Object:
        agent = one.role != "end-user"
        return {
            "id": one.id,
            "url": self.api(f"users/{one.id}"),
            "name": one.name,
            "email": one.email,
            "created_at": time(one.created),
            "updated_at": time(one.updated),
            "time_zone": "UTC",
            "iana_time_zone": "Etc/UTC",
            "phone": None,
            "shared_phone_number": None,
            "photo": None,
            "locale_id": 1,
            "locale": "en-US",
            "organization_id": None,
            "role": one.role,
            "verified": True,
            "external_id": None,
            "tags": [],
            "alias": "",
            "active": True,
            "shared": False,
            "shared_agent": False,
            "last_login_at": time(one.created),
            "two_factor_auth_enabled": False if agent else None,
            "signature": "",
            "details": "",
            "notes": "",
            "role_type": one.seed.role_type,
            "custom_role_id": one.seed.custom_role_id,
            "moderator": agent,
            "ticket_restriction": one.seed.ticket_restriction if agent else "requested",
            "only_private_comments": one.seed.only_private_comments,
            "restricted_agent": not agent or one.seed.ticket_restriction is not None,
            "suspended": False,
            "default_group_id": one.group,
            "report_csv": False,
            "user_fields": {},
            **one.more,
        }

    def group(self, number: int) -> Object:
        return {
            "url": self.api(f"groups/{number}"),
            "id": number,
            "is_public": True,
            "name": self.world.groups[number],
            "description": "",
            "default": number == min(self.world.groups),
            "deleted": False,
            "created_at": "2024-01-02T03:04:05Z",
            "updated_at": "2024-01-02T03:04:05Z",
            **self.world.group_bodies.get(number, {}),
        }

    def form(self, number: int) -> Object:
        name = self.world.forms[number]
        return {
            "url": self.api(f"ticket_forms/{number}"),
            "id": number,
            "name": name,
            "raw_name": name,
            "display_name": name,
            "raw_display_name": name,
            "end_user_visible": True,
            "position": 1,
            "ticket_field_ids": [one.id for one in self.world.fields],
            "active": True,
            "default": number == min(self.world.forms),
            "in_all_brands": True,
            "restricted_brand_ids": [],
            "end_user_conditions": [],
            "agent_conditions": [],
            "created_at": "2024-01-02T03:04:05Z",
            "updated_at": "2024-01-02T03:04:05Z",
        }

    def field(self, one: TicketField) -> Object:
        shown: Object = {
            "url": self.api(f"ticket_fields/{one.id}"),
            "id": one.id,
            "type": one.type,
            "title": one.title,
            "raw_title": one.title,
            "description": one.title,
            "raw_description": one.title,
            "position": one.id,
            "active": one.seed.active,
            "required": False,
            "collapsed_for_agents": False,
            "regexp_for_validation": one.seed.regexp,
            "title_in_portal": one.title,
            "raw_title_in_portal": one.title,
            "visible_in_portal": True,
            "editable_in_portal": True,
            "required_in_portal": False,
            "tag": one.seed.tag,
            "created_at": "2024-01-02T03:04:05Z",
            "updated_at": "2024-01-02T03:04:05Z",
            "removable": one.removable,
            "agent_description": None,
        }
        if one.seed.options:
            options: list[JsonValue] = [
                {"id": one.id * 100 + number, "name": known.name, "raw_name": known.name, "value": known.value, "default": False}
                for number, known in enumerate(one.seed.options)
            ]
            shown["custom_field_options"] = options
        return shown

    def status(self, one: Status) -> Object:
        label = one.seed.label
        return {
            "url": self.api(f"custom_statuses/{one.id}"),
            "id": one.id,
            "status_category": one.seed.category,
            "agent_label": label,
            "end_user_label": label,
            "description": "",
            "end_user_description": "",
            "raw_agent_label": label,
            "raw_end_user_label": label,
            "raw_description": "",
            "raw_end_user_description": "",
            "active": True,
            "default": one.seed.default,
            "created_at": "2024-01-02T03:04:05Z",
            "updated_at": "2024-01-02T03:04:05Z",
        }


def state(world: World) -> JsonValue:
    """All tickets with comments and files, people, and the log of writes."""
    view = View(world, "")
    items: list[JsonValue] = [_item(view, one) for one in world.tickets.values()]
    users: list[JsonValue] = [view.user(one) for one in world.users.values()]
    return {"items": items, "users": users, "log": writes(world.log)}


def _item(view: View, one: Ticket) -> Object:
    files = [file for comment in one.comments for file in comment.attachments]
    attachments: list[JsonValue] = [{**view.attachment(file), "sha256": view.world.sha256(file)} for file in files]
    comments: list[JsonValue] = [{**view.comment(comment), "custom": comment.custom} for comment in one.comments]
    return {**view.ticket(one), "comments": comments, "attachments": attachments}
