"""The fake's repositories with their labels: https://docs.github.com/en/rest/repos."""

import re

from starlette.responses import Response

from connectors.github.fake_call import Call, invalid, json_answer, not_found
from connectors.github.fake_state import Label, Repository

_COLOR = re.compile(r"[0-9A-Fa-f]{6}")


async def get_repository(call: Call) -> Response:
    return json_answer(call.render.repository(call.repository(), call.user.login))


async def list_repositories(call: Call) -> Response:
    return call.page([call.render.repository(one, call.user.login) for one in call.state.repositories])


async def list_issue_types(call: Call) -> Response:
    repository = call.repository()
    if not repository.issue_types:
        raise not_found()
    return json_answer([call.render.issue_type(repository, one) for one in repository.issue_types])


async def list_labels(call: Call) -> Response:
    repository = call.repository()
    return call.page([call.render.label(repository, one) for one in repository.labels])


async def get_label(call: Call) -> Response:
    return json_answer(call.render.label(*_label(call)))


async def create_label(call: Call) -> Response:
    repository = call.repository()
    name = call.text("name", "Label")
    if repository.label(name) is not None:
        raise invalid("Label", "name", "already_exists")
    label = Label(id=call.state.new_id(), name=name, color=_color(call) or "ededed", description=call.optional("description"))
    repository.labels.append(label)
    call.world.log(call.actor, "label.created", repository.full_name, {"label": name})
    return json_answer(call.render.label(repository, label), 201)


async def update_label(call: Call) -> Response:
    repository, label = _label(call)
    before = label.name
    name = call.optional("new_name")
    if name is not None and repository.label(name) not in (None, label):
        raise invalid("Label", "name", "already_exists")
    label.color = _color(call) or label.color
    label.name = name or label.name
    label.description = call.optional("description") or label.description
    for issue in repository.issues.values():
        issue.labels = [label.name if one == before else one for one in issue.labels]
    call.world.log(call.actor, "label.updated", repository.full_name, {"label": before})
    return json_answer(call.render.label(repository, label))


async def delete_label(call: Call) -> Response:
    repository, label = _label(call)
    repository.labels.remove(label)
    for issue in repository.issues.values():
        issue.labels = [one for one in issue.labels if one != label.name]
    call.world.log(call.actor, "label.deleted", repository.full_name, {"label": label.name})
    return Response(status_code=204)


def _label(call: Call) -> tuple[Repository, Label]:
    repository = call.repository()
    label = repository.label(call.path("name"))
    if label is None:
        raise not_found()
    return repository, label


def _color(call: Call) -> str | None:
    color = call.optional("color")
    if color is not None and not _COLOR.fullmatch(color):
        raise invalid("Label", "color")
    return color
