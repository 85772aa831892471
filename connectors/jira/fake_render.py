"""The fake site's things as JSON, in the forms of versions 3 and 2 of the API."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from connectors.jira import fake_text
from connectors.jira.fake_state import (
    PARTS,
    STATUS_CATEGORIES,
    Attachment,
    Change,
    Comment,
    CustomField,
    Issue,
    IssueLink,
    Option,
    Part,
    Project,
    Site,
    Status,
    Transition,
    User,
    Worklog,
)

EMBEDDED = 20
"""How many work logs an issue shows of itself."""
Object = dict[str, JsonValue]


@dataclass(frozen=True)
class LinkType:
    id: str
    name: str
    inward: str
    outward: str


LINK_TYPES = (
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Cloners", "is cloned by", "clones"),
    LinkType("10002", "Duplicate", "is duplicated by", "duplicates"),
    LinkType("10003", "Relates", "relates to", "relates to"),
)

SYSTEM_FIELDS = {
    "summary": ("Summary", "string"), "description": ("Description", "string"), "environment": ("Environment", "string"),
    "status": ("Status", "status"), "priority": ("Priority", "priority"), "issuetype": ("Issue Type", "issuetype"),
    "project": ("Project", "project"), "labels": ("Labels", "array"), "assignee": ("Assignee", "user"), "reporter": ("Reporter", "user"),
    "creator": ("Creator", "user"), "created": ("Created", "datetime"), "updated": ("Updated", "datetime"), "duedate": ("Due date", "date"),
    "resolution": ("Resolution", "resolution"), "comment": ("Comment", "comments-page"), "attachment": ("Attachment", "array"),
    "parent": ("Parent", "issuelink"), "fixVersions": ("Fix versions", "array"), "versions": ("Affects versions", "array"),
    "components": ("Components", "array"),
}  # fmt: skip
SETTABLE = (
    "summary", "description", "environment", "priority", "issuetype", "labels", "assignee", "reporter", "duedate", "parent", *PARTS,
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """Who looks, through which version of the API, at which address."""

    site: Site
    viewer: User
    base: str
    version: str = "3"

    @property
    def api(self) -> str:
        return f"{self.base}/rest/api/{self.version}"

    def time(self, at: datetime) -> str:
        """Jira's own form, in the time zone of the viewer."""
        local = at.astimezone(ZoneInfo(self.viewer.time_zone))
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    def rich(self, document: JsonValue) -> JsonValue:
        return document if self.version == "3" or document is None else fake_text.plain(document)

    def user(self, account_id: str | None) -> Object | None:
        if account_id is None:
            return None
        one = self.site.users[account_id]
        avatar = f"{self.base}/secure/useravatar?ownerId={one.account_id}"
        return {
            **self._known_by(one),
            "emailAddress": one.email,
            "avatarUrls": {size: f"{avatar}&size={size}" for size in ("16x16", "24x24", "32x32", "48x48")},
            "displayName": one.display_name,
            "active": True,
            "timeZone": one.time_zone,
        }

    def _known_by(self, one: User) -> Object:
        """Cloud has accounts without names, Data Center names and keys."""
        if self.site.server:
            address = f"{self.api}/user?username={quote(one.name)}"
            return {"self": address, "key": one.account_id, "name": one.name, "deleted": False, "locale": "en_US"}
        return {"self": f"{self.api}/user?accountId={one.account_id}", "accountId": one.account_id, "accountType": "atlassian"}

    def status(self, one: Status) -> Object:
        number, name, colour = STATUS_CATEGORIES[one.category]
        category: Object = {
            "self": f"{self.api}/statuscategory/{number}", "id": number, "key": one.category, "colorName": colour, "name": name,
        }  # fmt: skip
        return {
            "self": f"{self.api}/status/{one.id}",
            "description": "",
            "iconUrl": f"{self.base}/images/icons/statuses/generic.png",
            "name": one.name,
            "id": one.id,
            "statusCategory": category,
        }

    def priority(self, one: Option) -> Object:
        icon = f"{self.base}/images/icons/priorities/{one.name.lower()}.svg"
        shown: Object = {"self": f"{self.api}/priority/{one.id}", "iconUrl": icon, "name": one.name, "id": one.id}
        return {**shown, "description": "", "statusColor": "#999999"}

    def issue_type(self, one: Option) -> Object:
        return {
            "self": f"{self.api}/issuetype/{one.id}",
            "id": one.id,
            "description": "",
            "iconUrl": f"{self.base}/secure/viewavatar?avatarType=issuetype&avatarId=1{one.id}",
            "name": one.name,
            "subtask": one.name == "Sub-task",
            "hierarchyLevel": -1 if one.name == "Sub-task" else 0,
        }

    def project(self, one: Project) -> Object:
        return {
            "self": f"{self.api}/project/{one.id}",
            "id": one.id,
            "key": one.key,
            "name": one.name,
            "projectTypeKey": one.type,
            "simplified": False,
            "avatarUrls": {"48x48": f"{self.base}/rest/api/{self.version}/universal_avatar/view/type/project/avatar/{one.id}"},
        }

    def whole_project(self, one: Project) -> Object:
        roles: Object = {name: f"{self.api}/project/{one.id}/role/{number}" for number, name in enumerate(self.roles(one), 10002)}
        types: list[JsonValue] = [self.issue_type(self.site.types[name]) for name in one.types]
        rest: Object = {"lead": self.user(one.lead), "issueTypes": types, "roles": roles, "style": "classic", "isPrivate": False}
        parts: Object = {"versions": self.parts(one, "version"), "components": self.parts(one, "component")}
        return {**self.project(one), **parts, "description": "", "assigneeType": "UNASSIGNED", **rest}

    def parts(self, one: Project, kind: str, ids: list[str] | None = None) -> list[JsonValue]:
        """The versions or components of a project, or those of them with the ids."""
        return [self.part(one, kind, part) for part in self.site.parts.get((one.key, kind), []) if ids is None or part.id in ids]

    def part(self, one: Project, kind: str, part: Part) -> Object:
        told: Object = {"self": f"{self.api}/{kind}/{part.id}", "id": part.id, "name": part.name, "description": part.description}
        if kind == "version":
            return {**told, "archived": False, "released": False, **part.schedule, "projectId": int(one.id)}
        return {**told, "assigneeType": "PROJECT_DEFAULT", "isAssigneeTypeValid": False, "project": one.key, "projectId": int(one.id)}

    @staticmethod
    def roles(one: Project) -> tuple[str, ...]:
        return ("Administrators", "Developers", "Service Desk Team") if one.type == "service_desk" else ("Administrators", "Developers")

    def transition(self, one: Transition) -> Object:
        return {
            "id": one.id,
            "name": one.name,
            "to": self.status(self.site.statuses[one.target]),
            "hasScreen": one.asks_resolution,
            "isGlobal": not one.sources,
            "isInitial": False,
            "isAvailable": True,
            "isConditional": False,
            "isLooped": False,
        }

    def resolution(self, one: Option) -> Object:
        return {"self": f"{self.api}/resolution/{one.id}", "id": one.id, "name": one.name, "description": ""}

    def comment(self, issue: Issue, one: Comment, *, properties: bool) -> Object:
        shown: Object = {
            "self": f"{self.api}/issue/{issue.id}/comment/{one.id}",
            "id": one.id,
            "author": self.user(one.author),
            "body": self.rich(one.body),
            "updateAuthor": self.user(one.editor),
            "created": self.time(one.created),
            "updated": self.time(one.updated),
            **({} if self.site.server else {"jsdPublic": not one.internal}),
        }
        if one.visibility:
            shown["visibility"] = one.visibility
        if properties:
            shown["properties"] = [{"key": key, "value": value} for key, value in one.properties.items()]
        return shown

    def change(self, one: Change) -> Object:
        return {"id": one.id, "author": self.user(one.author), "created": self.time(one.created), "items": one.items}

    def changelog(self, issue: Issue) -> Object:
        """As `expand=changelog` shows it: Cloud has the newest first."""
        shown: list[JsonValue] = [self.change(one) for one in issue.history]
        if not self.site.server:
            shown.reverse()
        return {"startAt": 0, "maxResults": len(shown), "total": len(shown), "histories": shown}

    def worklog(self, issue: Issue, one: Worklog) -> Object:
        return {
            "self": f"{self.api}/issue/{issue.id}/worklog/{one.id}",
            "author": self.user(one.author),
            "updateAuthor": self.user(one.author),
            **({} if one.comment is None else {"comment": self.rich(one.comment)}),
            **({} if one.visibility is None else {"visibility": one.visibility}),
            "created": self.time(one.created),
            "updated": self.time(one.updated),
            "started": self.time(one.started),
            "timeSpent": f"{one.seconds // 3600}h {one.seconds % 3600 // 60}m",
            "timeSpentSeconds": one.seconds,
            "id": one.id,
            "issueId": issue.id,
        }

    def votes(self, issue: Issue) -> Object:
        voted = self.viewer.account_id in issue.voters
        return {"self": f"{self.api}/issue/{issue.key}/votes", "votes": len(issue.voters), "hasVoted": voted}

    def watches(self, issue: Issue) -> Object:
        watching = self.viewer.account_id in issue.watchers
        return {"self": f"{self.api}/issue/{issue.key}/watchers", "watchCount": len(issue.watchers), "isWatching": watching}

    def link_type(self, one: LinkType) -> Object:
        own = f"{self.api}/issueLinkType/{one.id}"
        return {"id": one.id, "name": one.name, "inward": one.inward, "outward": one.outward, "self": own}

    def link(self, one: IssueLink) -> Object:
        kind = next(kind for kind in LINK_TYPES if kind.name == one.type)
        return {"id": one.id, "self": f"{self.api}/issueLink/{one.id}", "type": self.link_type(kind)}

    def links(self, issue: Issue) -> list[JsonValue]:
        """Each with the issue at its other end."""
        found: list[JsonValue] = []
        for one in self.site.links.values():
            if issue.id == one.source and one.target in self.site.issues:
                found.append({**self.link(one), "outwardIssue": self.near(self.site.issues[one.target])})
            elif issue.id == one.target and one.source in self.site.issues:
                found.append({**self.link(one), "inwardIssue": self.near(self.site.issues[one.source])})
        return found

    def visible_worklogs(self, issue: Issue) -> list[Worklog]:
        """Those that the viewer's roles let them see."""
        return [one for one in issue.worklogs if one.visibility is None or one.visibility.get("value") in self.viewer.roles]

    def visible_comments(self, issue: Issue) -> list[Comment]:
        """Those that the viewer's roles let them see."""
        return [one for one in issue.comments if not one.visibility or one.visibility.get("value") in self.viewer.roles]

    def attachment(self, one: Attachment) -> Object:
        return {
            "self": f"{self.api}/attachment/{one.id}",
            "id": one.id,
            "filename": one.filename,
            "author": self.user(one.author),
            "created": self.time(one.created),
            "size": len(one.content),
            "mimeType": one.mimetype,
            "content": self._place(one),
        }

    def _place(self, one: Attachment) -> str:
        if self.site.server:
            return f"{self.base}/secure/attachment/{one.id}/{quote(one.filename)}"
        return f"{self.api}/attachment/content/{one.id}"

    def fields(self, issue: Issue) -> Object:
        """All navigable fields and `comment`, as `*all` gives them."""
        site = self.site
        comments: list[JsonValue] = [self.comment(issue, one, properties=False) for one in self.visible_comments(issue)]
        attachments: list[JsonValue] = [self.attachment(one) for one in issue.attachments]
        logs = self.visible_worklogs(issue)
        return {
            "summary": issue.summary,
            "description": self.rich(issue.description),
            "environment": self.rich(issue.environment),
            "status": self.status(site.statuses[issue.status]),
            "priority": self.priority(site.priorities[issue.priority]) if issue.priority else None,
            "issuetype": self.issue_type(site.types[issue.type]),
            "project": self.project(site.projects[issue.project]),
            "labels": list[JsonValue](issue.labels),
            "assignee": self.user(issue.assignee),
            "reporter": self.user(issue.reporter),
            "creator": self.user(issue.creator),
            "created": self.time(issue.created),
            "updated": self.time(issue.updated),
            "duedate": issue.duedate,
            "resolution": self.resolution(site.resolutions[issue.resolution]) if issue.resolution else None,
            "votes": self.votes(issue),
            "watches": self.watches(issue),
            "subtasks": [self.near(one) for one in site.issues.values() if one.parent == issue.id],
            **({"parent": self.near(site.issues[issue.parent])} if issue.parent in site.issues else {}),
            "issuelinks": self.links(issue),
            **{name: self.parts(site.projects[issue.project], kind, issue.parts.get(name, [])) for name, kind in PARTS.items()},
            **{one.id: self.own(one, issue.own.get(one.id)) for one in site.fields.values()},
            "comment": {
                "comments": comments,
                "self": f"{self.api}/issue/{issue.id}/comment",
                "maxResults": len(comments),
                "total": len(comments),
                "startAt": 0,
            },
            "attachment": attachments,
            "worklog": {
                "startAt": 0,
                "maxResults": EMBEDDED,
                "total": len(logs),
                "worklogs": [self.worklog(issue, one) for one in logs[:EMBEDDED]],
            },
        }

    def near(self, issue: Issue) -> Object:
        """A parent or sub-task as it stands inside another issue."""
        site = self.site
        fields: Object = {
            "summary": issue.summary,
            "status": self.status(site.statuses[issue.status]),
            "issuetype": self.issue_type(site.types[issue.type]),
        }
        return {"id": issue.id, "key": issue.key, "self": f"{self.api}/issue/{issue.id}", "fields": fields}

    def own(self, one: CustomField, value: JsonValue) -> JsonValue:
        found = next((option for option in one.options if option.name == value), None)
        return {"self": f"{self.api}/customFieldOption/{found.id}", "value": found.name, "id": found.id} if found else value

    def every_field(self) -> list[Object]:
        return [self.field(one) for one in [*SYSTEM_FIELDS, *self.site.fields]]

    def field(self, name: str) -> Object:
        if name in self.site.fields:
            one = self.site.fields[name]
            kind = "select" if one.options else "textfield"
            schema: Object = {
                "type": "option" if one.options else "string",
                "custom": f"com.atlassian.jira.plugin.system.customfieldtypes:{kind}",
                "customId": int(one.id.removeprefix("customfield_")),
            }
            clauses: list[JsonValue] = [f"cf[{one.id.removeprefix('customfield_')}]", one.name]
            return self._field(one.id, one.name, schema, clauses, custom=True)
        title, kind = SYSTEM_FIELDS[name]
        system: Object = {
            "type": kind,
            "system": name,
            **({"items": PARTS.get(name, "string")} if kind == "array" and name != "attachment" else {}),
        }
        return self._field(name, title, system, [name], custom=False)

    @staticmethod
    def _field(field_id: str, name: str, schema: Object, clauses: list[JsonValue], *, custom: bool) -> Object:
        flags: Object = {"custom": custom, "orderable": True, "navigable": True, "searchable": True}
        return {"id": field_id, "key": field_id, "name": name, **flags, "clauseNames": clauses, "schema": schema}

    def issue(self, issue: Issue, wanted: list[str], properties: list[str]) -> Object:
        """The issue with the wanted fields and entity properties only."""
        everything = self.fields(issue)
        fields = everything if {"*all", "*navigable"} & set(wanted) else {name: everything[name] for name in wanted if name in everything}
        fields = {name: value for name, value in fields.items() if f"-{name}" not in wanted}
        shown: Object = {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
            "id": issue.id,
            "self": f"{self.api}/issue/{issue.id}",
            "key": issue.key,
        }
        if wanted != ["id"]:
            shown["fields"] = fields
        if properties:
            chosen = {key: value for key, value in issue.properties.items() if key in properties or "*all" in properties}
            shown["properties"] = chosen
        return shown
