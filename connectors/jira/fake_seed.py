"""How the fake site starts: a seed in JSON, every part of which has a default."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from connectors.jira import fake_text
from connectors.jira.fake_state import Comment, CustomField, Hook, Issue, Option, Project, Site, Status, Transition, User
from connectors.kit.interface import FakeOptions

EVENTS = (
    "jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated", "comment_deleted",
    "attachment_created", "attachment_deleted",
)  # fmt: skip


class _Seed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeedUser(_Seed):
    name: str
    displayName: str = ""  # noqa: N815
    email: str = ""
    token: str = ""
    timeZone: str = "Europe/Berlin"  # noqa: N815
    roles: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


class SeedProject(_Seed):
    key: str
    name: str
    type: Literal["software", "service_desk", "business"] = "software"
    workflow: Literal["open", "restricted", "screened"] = "open"
    types: tuple[str, ...] = ("Task", "Bug", "Story")


class SeedComment(_Seed):
    body: str
    author: str = "ann"
    internal: bool = False


class SeedIssue(_Seed):
    """`description` is plain text; people are told by `name`; `fields` holds custom fields by their ids."""

    project: str
    summary: str
    description: str = ""
    type: str = "Task"
    status: str = "To Do"
    priority: str = "Medium"
    labels: tuple[str, ...] = ()
    reporter: str = "ann"
    assignee: str | None = None
    duedate: str | None = None
    fields: dict[str, JsonValue] = {}
    comments: tuple[SeedComment, ...] = ()


class Seed(_Seed):
    """`deployment` is what `serverInfo` says: Server stands for Data Center."""

    deployment: Literal["Cloud", "Server"] = "Cloud"
    timeZone: str = "Europe/Warsaw"  # noqa: N815
    users: tuple[SeedUser, ...] = (
        SeedUser(name="ann", displayName="Ann Archer", roles=("Administrators", "Service Desk Team")),
        SeedUser(name="bob", displayName="Bob Baker", timeZone="America/New_York"),
    )
    projects: tuple[SeedProject, ...] = (
        SeedProject(key="APP", name="Acme App"),
        SeedProject(key="OPS", name="Acme Operations", workflow="restricted"),
        SeedProject(key="HELP", name="Acme Help", type="service_desk"),
        SeedProject(key="SYNC", name="Acme Sync", types=("Task", "Bug", "Story", "Epic", "Sub-task")),
    )
    issues: tuple[SeedIssue, ...] = (
        SeedIssue(
            project="APP",
            summary="Checkout shows the wrong total",
            description="Two coupons are added up twice.\n\nSeen in the shop since Monday.",
            type="Bug",
            priority="High",
            labels=("checkout",),
            assignee="bob",
            comments=(SeedComment(body="Reproduced with coupon ACME-10."),),
        ),
        SeedIssue(project="APP", summary="Offer invoices as PDF", type="Story", status="In Progress", reporter="bob"),
        SeedIssue(project="APP", summary="Move the image store", status="Done", priority="Low"),
        SeedIssue(project="OPS", summary="Disk of build-3 is nearly full", priority="Highest", assignee="ann"),
        SeedIssue(
            project="HELP",
            summary="Cannot log in since the update",
            comments=(SeedComment(body="We look into it."), SeedComment(body="Looks like the old cookie.", internal=True)),
        ),
    )


STATUSES = [Status("10000", "To Do", "new"), Status("3", "In Progress", "indeterminate"), Status("10001", "Done", "done")]
OPEN = (Transition("11", "To Do", "To Do"), Transition("21", "In Progress", "In Progress"), Transition("31", "Done", "Done"))
RESTRICTED = (
    Transition("11", "Start progress", "In Progress", frozenset({"To Do", "Done"})),
    Transition("21", "Finish", "Done", frozenset({"In Progress"})),
    Transition("31", "Put back", "To Do", frozenset({"In Progress"})),
)
SCREENED = tuple(replace(one, asks_resolution=one.target == "Done") for one in RESTRICTED)
WORKFLOWS = {"open": OPEN, "restricted": RESTRICTED, "screened": SCREENED}
FIELDS = [
    CustomField("customfield_10031", "Customer reference"),
    CustomField("customfield_10032", "Severity", (Option("10101", "Minor"), Option("10102", "Major"))),
]


def open_site(options: FakeOptions) -> Site:
    """The site of the options' seed, or of the default one, with the webhook that they name."""
    seed = Seed.model_validate(dict(options.seed or {}))
    roles = ("Administrators", "Service Desk Team")
    twinline = User(options.user, _identity(seed, options.user), "Twinline", options.user, options.secret, seed.timeZone, roles)
    people = [twinline, *(_user(seed, one) for one in seed.users if one.name != options.user)]
    projects = [_project(str(10000 + number), one, people[-1]) for number, one in enumerate(seed.projects)]
    site = Site(people, projects, STATUSES, FIELDS, server=seed.deployment == "Server")
    by_name = {one.name: one.account_id for one in people}
    for one in seed.issues:
        site.store(_issue(site, one, by_name))
    if options.webhook_url:
        site.hooks[1] = Hook(1, "Twinline", options.webhook_url, EVENTS, options.webhook_secret)
    return site


def _identity(seed: Seed, name: str) -> str:
    """An account id, or the key of a user in Data Center."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    if seed.deployment == "Server":
        return f"JIRAUSER{int(digest[:5], 16)}"
    return f"712020:{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"


def _user(seed: Seed, one: SeedUser) -> User:
    email = one.email or f"{one.name}@acme.test"
    token = one.token or f"{one.name}-token"
    return User(
        one.name,
        _identity(seed, one.name),
        one.displayName or one.name.title(),
        email,
        token,
        one.timeZone,
        one.roles,
        frozenset(one.lacks),
    )


def _project(project_id: str, one: SeedProject, lead: User) -> Project:
    ways = WORKFLOWS[one.workflow]
    return Project(project_id, one.key, one.name, one.type, lead.account_id, ways, tuple(status.name for status in STATUSES), one.types)


def _issue(site: Site, one: SeedIssue, people: Mapping[str, str]) -> Issue:
    now = site.clock.now()
    reporter = people[one.reporter]
    number, key = site.next_id(), site.next_key(one.project)
    issue = Issue(number, key, one.project, one.type, one.summary, one.status, one.priority, reporter, reporter, now, now)
    issue.description = _text(site, one.description) if one.description else None
    issue.labels = sorted(one.labels)
    issue.assignee = people[one.assignee] if one.assignee else None
    issue.duedate, issue.own = one.duedate, dict(one.fields)
    for comment in one.comments:
        at = site.clock.now()
        author = people[comment.author]
        made = Comment(site.next_id(), author, author, _text(site, comment.body), at, at)
        if comment.internal and site.projects[one.project].type == "service_desk":
            made.properties["sd.public.comment"] = {"internal": True}
        elif comment.internal:
            made.visibility = {"type": "role", "value": "Administrators", "identifier": "Administrators"}
        issue.comments.append(made)
        issue.updated = at
    return issue


def _text(site: Site, text: str) -> JsonValue:
    return text if site.server else fake_text.document(text)
