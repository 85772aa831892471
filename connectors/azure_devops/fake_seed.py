"""How the fake organization starts: a seed in JSON, every part of which has a default."""

import uuid
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from connectors.azure_devops import fake_hooks
from connectors.azure_devops.fake_process import FIELDS
from connectors.azure_devops.fake_state import Comment, CommentRef, Object, Organization, Project, Talk, User, WorkItem
from connectors.kit.interface import FakeOptions

NAMES = uuid.UUID("6f9619ff-8b86-d011-b42d-00cf4fc964ff")


class _Seed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeedUser(_Seed):
    name: str
    displayName: str = ""  # noqa: N815
    email: str = ""
    token: str = ""
    lacks: tuple[str, ...] = ()


class SeedProject(_Seed):
    name: str
    process: Literal["Agile", "Scrum", "Basic"] = "Agile"


class SeedComment(_Seed):
    text: str
    author: str = "ann"


class SeedItem(_Seed):
    """`fields` by reference name; people are told by `name`."""

    project: str
    type: str = "Task"
    title: str
    description: str = ""
    state: str = ""
    tags: str = ""
    author: str = "ann"
    assignee: str = ""
    fields: dict[str, JsonValue] = {}
    comments: tuple[SeedComment, ...] = ()


class Seed(_Seed):
    organization: str = "acme"
    sign_in_page: bool = False
    comment_edits_make_revisions: bool = False
    calls_until_delay: int = -1
    users: tuple[SeedUser, ...] = (SeedUser(name="ann", displayName="Ann Archer"), SeedUser(name="bob", displayName="Bob Baker"))
    projects: tuple[SeedProject, ...] = (
        SeedProject(name="Acme Shop"),
        SeedProject(name="Acme Operations", process="Scrum"),
        SeedProject(name="Sync", process="Basic"),
    )
    areas: tuple[str, ...] = ("Acme Shop\\Checkout", "Acme Shop\\Sprint 1")
    items: tuple[SeedItem, ...] = (
        SeedItem(
            project="Acme Shop",
            type="Bug",
            title="Checkout shows the wrong total",
            description="<div>Two coupons are added up <b>twice</b>.</div>",
            tags="checkout",
            assignee="bob",
            comments=(SeedComment(text="<div>Reproduced with coupon ACME-10.</div>"),),
        ),
        SeedItem(project="Acme Shop", type="User Story", title="Offer invoices as PDF", state="Active", author="bob"),
        SeedItem(project="Acme Shop", title="Move the image store", state="Closed"),
        SeedItem(project="Acme Operations", type="Product Backlog Item", title="Disk of build-3 is nearly full", assignee="ann"),
    )


def open_organization(options: FakeOptions) -> Organization:
    """The organization of the options' seed, or of the default one, with the service hooks that they name."""
    seed = Seed.model_validate(dict(options.seed or {}))
    twinline = _user(SeedUser(name=options.user, displayName="Twinline", token=options.secret))
    people = [twinline, *(_user(one) for one in seed.users if one.name != options.user)]
    projects = [Project(str(uuid.uuid5(NAMES, one.name)), one.name, one.process) for one in seed.projects]
    organization = Organization(seed.organization, people, projects, seed.areas)
    organization.sign_in_page = seed.sign_in_page
    organization.edits_make_revisions = seed.comment_edits_make_revisions
    organization.calls_until_delay = seed.calls_until_delay
    by_name = {one.name: one for one in people}
    for one in seed.items:
        _add(organization, one, by_name)
    if options.webhook_url:
        fake_hooks.subscribe(organization, options.webhook_url, options.webhook_secret)
    return organization


def _user(one: SeedUser) -> User:
    email = one.email or (one.name if "@" in one.name else f"{one.name}@acme.test")
    identity, shown = str(uuid.uuid5(NAMES, one.name)), one.displayName or one.name.title()
    return User(one.name, identity, shown, email, one.token or f"{one.name}-token", one.lacks)


def _add(organization: Organization, one: SeedItem, people: Mapping[str, User]) -> None:
    project = organization.project(one.project)
    kind = project.type(one.type) if project else None
    if project is None or kind is None:
        raise ValueError(f"the seed's item {one.title!r} has a project or type that does not exist")
    described = "Microsoft.VSTS.TCM.ReproSteps" if "Microsoft.VSTS.TCM.ReproSteps" in kind.fields else "System.Description"
    told: Object = {described: one.description, "System.Tags": one.tags, "System.AssignedTo": one.assignee, **one.fields}
    state = one.state or kind.initial
    fields: Object = {
        "System.AreaPath": project.name,
        "System.TeamProject": project.name,
        "System.IterationPath": project.name,
        "System.WorkItemType": kind.name,
        "System.State": state,
        "System.Reason": "New" if state == kind.initial else f"Moved to state {state}",
        "System.Title": one.title,
        **kind.defaults,
        **{name: value for name, value in told.items() if value != "" and name in FIELDS},
    }
    item = WorkItem(next(organization.ids))
    organization.revise(item, people[one.author], fields, ())
    for tag in filter(None, map(str.strip, one.tags.split(";"))):
        organization.tags.setdefault(tag.casefold(), tag)
    for comment in one.comments:
        at, author = organization.clock.now(), people[comment.author]
        made = Comment(next(organization.comment_ids), author, comment.text, "html", at, author, at)
        item.comments.append(made)
        revision = organization.revise(item, author, fields, (), CommentRef(made.id, 1))
        organization.talk.append(Talk(revision.watermark, item.id, revision.rev, revision.at, CommentRef(made.id, 1)))
