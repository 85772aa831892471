"""Work items of the fake organization: create, read, change, delete and restore, with all their revisions."""

from datetime import datetime

from pydantic import JsonValue
from starlette.responses import Response

from connectors.azure_devops import fake_hooks, fake_patch
from connectors.azure_devops.fake_call import (
    EXPAND,
    Call,
    Problem,
    Resource,
    answer,
    bad_parameter,
    enumerated,
    listed,
    no_item,
    read_moment,
)
from connectors.azure_devops.fake_links import INVERSE, TREE
from connectors.azure_devops.fake_patch import Draft
from connectors.azure_devops.fake_render import View
from connectors.azure_devops.fake_state import Comment, CommentRef, Object, Relation, Revision, Talk, WorkItem
from connectors.kit.fake import READ, moved

MOST_AT_ONCE = 200


def resources() -> list[Resource]:
    return [
        Resource("GET", "wit/workitems", read_many),
        Resource("POST PATCH", "wit/workitems/${type}", create, scoped=True),
        Resource("GET", "wit/workitems/${type}", template, scoped=True),
        Resource("POST", "wit/artifacturiquery", of_artifacts),
        Resource("GET", "wit/workitems/{id}", read),
        Resource("PATCH", "wit/workitems/{id}", update),
        Resource("DELETE", "wit/workitems/{id}", delete),
        Resource("POST", "wit/workitemsbatch", read_batch),
        Resource("GET", "wit/workitems/{id}/updates", updates),
        Resource("GET", "wit/workitems/{id}/updates/{number}", one_update),
        Resource("GET", "wit/workitems/{id}/revisions", revisions),
        Resource("GET", "wit/workitems/{id}/revisions/{number}", one_revision),
        Resource("GET", "wit/workitemtransitions", transitions),
        Resource("GET", "wit/recyclebin", recycle_bin),
        Resource("GET", "wit/recyclebin/{id}", read_deleted),
        Resource("PATCH", "wit/recyclebin/{id}", restore),
        Resource("DELETE", "wit/recyclebin/{id}", destroy),
    ]


def _view(call: Call) -> View:
    return View(call.organization, call.base)


def _expand(call: Call) -> str:
    text = enumerated(call.asked("$expand") or "none", EXPAND)
    if text not in EXPAND:
        raise bad_parameter(f"The value '{text}' of the query parameter $expand is not known.")
    if call.asked("fields") and text in {"all", "relations"}:
        raise Problem(400, "ConflictingParametersException", "The expand parameter can not be used with the fields parameter.")
    return text


def _told(call: Call) -> str:
    """A write tells relations and links, too, unless something else is asked for."""
    return _expand(call) if call.asked("$expand") else "all"


def _names(call: Call) -> list[str]:
    return [one.strip() for one in call.asked("fields").split(",") if one.strip()]


def _new(call: Call) -> Draft:
    """An item of the type that the path names, with what it begins with."""
    project = call.scope()
    kind = project.type(call.values["type"])
    if kind is None:
        message = f"VS402323: Work item type {call.values['type']} does not exist in project {project.name}, or you may not access it."
        raise Problem(404, "WorkItemTypeNotFoundException", message)
    fields: Object = {
        "System.AreaPath": project.name,
        "System.TeamProject": project.name,
        "System.IterationPath": project.name,
        "System.WorkItemType": kind.name,
        "System.State": kind.initial,
        **kind.defaults,
    }
    return Draft(project, kind, fields, [], {})


async def template(call: Call) -> Response:
    """What a new item of a type would begin with."""
    draft = _new(call)
    url = f"{call.base}/{draft.project.id}/_apis/wit/workItems/${draft.type.name}"
    return answer({"fields": draft.fields, "_links": {"self": {"href": url}}, "url": url})


async def of_artifacts(call: Call) -> Response:
    """The items that link to each of the artifacts."""
    asked = call.body.get("artifactUris")
    found: Object = {}
    for uri in asked if isinstance(asked, list) else []:
        linked: list[JsonValue] = [
            {"id": one.id, "url": f"{call.base}/_apis/wit/workItems/{one.id}"}
            for one in call.organization.items.values()
            if not one.deleted and any(link.rel == "ArtifactLink" and link.url == uri for link in one.now.relations)
        ]
        found[str(uri)] = linked
    return answer({"artifactUrisQueryResult": found})


async def create(call: Call) -> Response:
    draft = _new(call)
    fake_patch.apply(call, draft, None)
    fake_patch.obey(draft, {})
    item = WorkItem(next(call.organization.ids) if not call.says("validateOnly") else 0)
    if not call.says("validateOnly"):
        _save(call, item, draft)
        told: Object = {"marker": item.marker, "fields": list[JsonValue](sorted(draft.touched))}
        call.organization.record(call.user, "create", item.id, **told, **moved({}, draft.fields))
        fake_hooks.emit(call, "workitem.created", item)
    else:
        call.organization.revise(item, call.user, draft.fields, tuple(draft.relations))
        del call.organization.items[0]
    return answer(_view(call).item(item, item.now, _told(call)))


async def read(call: Call) -> Response:
    item = call.item()
    expand = _expand(call)
    if expand == "all":
        call.organization.record(call.user, READ, item.id)
    return answer(_view(call).item(item, _then(item, call.moment("asOf")), expand, _names(call)))


def _then(item: WorkItem, at: datetime | None) -> Revision:
    """The item as it was at that time, or as it is."""
    found = item.at(at) if at else item.now
    if found is None:
        raise no_item(item.id)
    return found


async def read_many(call: Call) -> Response:
    ids = [int(one) for one in call.asked("ids").split(",") if one.strip().isdigit()]
    return listed(_many(call, ids, _expand(call), _names(call), _policy(call.asked("errorPolicy")), call.moment("asOf")))


async def read_batch(call: Call) -> Response:
    ids, names = call.body.get("ids"), call.body.get("fields")
    wanted = [one for one in ids if isinstance(one, int)] if isinstance(ids, list) else []
    expand = enumerated(call.body.get("$expand") or "none", EXPAND)
    if names and expand != "none":
        raise Problem(400, "ConflictingParametersException", "The expand parameter can not be used with the fields parameter.")
    fields = [str(one) for one in names] if isinstance(names, list) else []
    at = read_moment(str(call.body.get("asOf") or ""), "asOf")
    return listed(_many(call, wanted, expand, fields, _policy(call.body.get("errorPolicy")), at))


def _policy(value: JsonValue) -> str:
    return enumerated(value or "fail", ("fail", "omit"), first=1)


def _many(call: Call, ids: list[int], expand: str, fields: list[str], policy: str, at: datetime | None) -> list[JsonValue]:
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise Problem(400, "WorkItemPageSizeExceededException", f"VS402402: A request for work items has 1 to {MOST_AT_ONCE} ids.")
    found = [call.organization.item(one) for one in ids]
    for one in found if expand == "all" else ():
        if one is not None:
            call.organization.record(call.user, READ, one.id)
    missing = [one for one, item in zip(ids, found, strict=True) if item is None]
    if missing and policy != "omit":
        raise no_item(missing[0])
    view = _view(call)
    return [view.item(one, _then(one, at), expand, fields) if one else None for one in found]


async def update(call: Call) -> Response:
    item = call.item()
    project = call.organization.project(item.project)
    kind = project.type(item.type) if project else None
    if project is None or kind is None:
        raise no_item(item.id)
    draft = Draft(project, kind, dict(item.now.fields), list(item.now.relations), dict(item.formats))
    fake_patch.apply(call, draft, item)
    fake_patch.obey(draft, item.now.fields)
    before = item.now
    if not call.says("validateOnly"):
        _save(call, item, draft)
        _tell(call, item, draft, before.fields, before.relations)
    return answer(_view(call).item(item, item.now, _told(call)))


def _save(call: Call, item: WorkItem, draft: Draft) -> None:
    """A revision if anything is different, and one of each item at the other end of a link that is."""
    item.formats = draft.formats
    before = item.now.relations if item.revisions else ()
    changed = not item.revisions or draft.fields != item.now.fields or tuple(draft.relations) != item.now.relations
    if draft.history is not None:
        add_comment(call, item, draft.history, "html", draft.fields, tuple(draft.relations))
    elif changed:
        call.organization.revise(item, call.user, draft.fields, tuple(draft.relations))
    _mirror(call, item, before)


def _mirror(call: Call, item: WorkItem, before: tuple[Relation, ...]) -> None:
    """Links have both their ends; those to a parent are kept at the child's alone."""
    alone = {TREE, INVERSE[TREE]}
    changed = [one for one in (*before, *item.now.relations) if (one in before) != (one in item.now.relations)]
    for one in changed:
        other = call.organization.item(int(one.target)) if one.rel in INVERSE and one.rel not in alone else None
        if other is None:
            continue
        inverse = Relation(INVERSE[one.rel], 0, str(item.id))
        kept = tuple(each for each in other.now.relations if (each.rel, each.target) != (inverse.rel, inverse.target))
        call.organization.revise(other, call.user, other.now.fields, (*kept, inverse) if one in item.now.relations else kept)
        fake_hooks.emit(call, "workitem.updated", other)


def _tell(call: Call, item: WorkItem, draft: Draft, fields: Object, relations: tuple[Relation, ...]) -> None:
    """Log what was done, and send the service hooks."""
    organization = call.organization
    files = {one.target for one in draft.relations if one.rel == "AttachedFile"}
    had = {one.target for one in relations if one.rel == "AttachedFile"}
    for one in sorted(files ^ had):
        organization.record(call.user, "attach" if one in files else "delete_attachment", item.id, filename=organization.files[one].name)
    others = [one for one in draft.relations if one.rel != "AttachedFile"] != [one for one in relations if one.rel != "AttachedFile"]
    if draft.touched - {"System.History"} or others:
        told: Object = {"fields": list[JsonValue](sorted(draft.touched)), "links": others}
        organization.record(call.user, "update", item.id, **told, **moved(fields, {name: draft.fields.get(name) for name in draft.touched}))
    if draft.history is not None:
        organization.record(call.user, "comment", item.id, comment=item.comments[-1].id)
    if draft.fields != fields or tuple(draft.relations) != relations or draft.history is not None:
        fake_hooks.emit(call, "workitem.updated", item)


def add_comment(call: Call, item: WorkItem, text: str, kind: str, fields: Object, relations: tuple[Relation, ...]) -> Comment:
    """A comment raises the revision."""
    at = call.organization.clock.now()
    made = Comment(next(call.organization.comment_ids), call.user, text, kind, at, call.user, at)
    item.comments.append(made)
    about = CommentRef(made.id, 1)
    revision = call.organization.revise(item, call.user, fields, relations, about)
    call.organization.talk.append(Talk(revision.watermark, item.id, revision.rev, revision.at, about))
    return made


async def transitions(call: Call) -> Response:
    """What each item comes to when its change is checked in: the state after its own."""
    shown: list[JsonValue] = []
    for number in [int(one) for one in call.asked("ids").split(",") if one.strip().isdigit()]:
        item = call.organization.item(number)
        project = call.organization.project(item.project) if item else None
        kind = project.type(item.type) if item and project else None
        if item is None or kind is None:
            raise no_item(number)
        names = [one.name for one in kind.states]
        later = names[names.index(str(item.now.fields["System.State"])) + 1 :]
        shown.append({"id": number, "stateOnTransition": later[0] if later else names[-1]})
    return listed(shown)


async def delete(call: Call) -> Response:
    item = call.item()
    if call.says("destroy"):
        return _destroyed(call, item)
    call.organization.revise(item, call.user, item.now.fields, item.now.relations, deleted=True)
    call.organization.record(call.user, "delete", item.id)
    fake_hooks.emit(call, "workitem.deleted", item)
    return answer(_view(call).deleted(item))


def _destroyed(call: Call, item: WorkItem) -> Response:
    del call.organization.items[item.id]
    call.organization.record(call.user, "destroy", item.id)
    return Response(status_code=204)


def _in_bin(call: Call) -> WorkItem:
    text = call.values["id"]
    found = call.organization.items.get(int(text)) if text.isdigit() else None
    if found is None or not found.deleted:
        raise no_item(text)
    return found


async def recycle_bin(call: Call) -> Response:
    view = _view(call)
    found = [one for one in call.organization.items.values() if one.deleted and (not call.project or one.project == call.project.name)]
    return listed([{"id": one.id, "url": view.deleted(one)["url"]} for one in found])


async def read_deleted(call: Call) -> Response:
    return answer(_view(call).deleted(_in_bin(call)))


async def restore(call: Call) -> Response:
    item = _in_bin(call)
    if next((value for name, value in call.body.items() if name.casefold() == "isdeleted"), None) is not False:
        return Response(status_code=204)
    call.organization.revise(item, call.user, item.now.fields, item.now.relations)
    call.organization.record(call.user, "restore", item.id)
    fake_hooks.emit(call, "workitem.restored", item)
    return answer(_view(call).deleted(item))


async def destroy(call: Call) -> Response:
    return _destroyed(call, _in_bin(call))


def _page(call: Call, total: int) -> range:
    start = call.number("$skip", 0, total)
    return range(start, min(total, start + call.number("$top", MOST_AT_ONCE, MOST_AT_ONCE)))


async def updates(call: Call) -> Response:
    item, view = call.item(), _view(call)
    return listed([view.update(item, one) for one in _page(call, len(item.revisions))])


def _numbered(call: Call, item: WorkItem) -> int:
    number = call.values["number"]
    if not number.isdigit() or not 0 < int(number) <= len(item.revisions):
        raise Problem(404, "WorkItemIdRevisionNotFoundException", f"TF401258: Revision {number} of work item {item.id} does not exist.")
    return int(number) - 1


async def one_update(call: Call) -> Response:
    item = call.item()
    return answer(_view(call).update(item, _numbered(call, item)))


async def revisions(call: Call) -> Response:
    item, view = call.item(), _view(call)
    return listed([view.item(item, item.revisions[one], _expand(call)) for one in _page(call, len(item.revisions))])


async def one_revision(call: Call) -> Response:
    item = call.item()
    return answer(_view(call).item(item, item.revisions[_numbered(call, item)], _expand(call)))
