"""The fake's repositories with labels, milestones, people and hooks: https://docs.github.com/en/rest/repos."""

from pydantic import JsonValue
from starlette.responses import Response

from connectors.github.fake_call import Call, invalid, json_answer, not_found
from connectors.github.fake_render import Json
from connectors.github.fake_state import Hook, Label, Milestone, Repository

HOOK_LIMIT = 20


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
    label = Label(id=call.state.new_id(), name=name, color=_text(call, "color") or "ededed", description=_text(call, "description"))
    repository.labels.append(label)
    call.world.log(call.actor, "label.created", repository.full_name, {"label": name})
    return json_answer(call.render.label(repository, label), 201)


async def update_label(call: Call) -> Response:
    repository, label = _label(call)
    before = label.name
    label.name = _text(call, "new_name") or label.name
    label.color = _text(call, "color") or label.color
    label.description = _text(call, "description") or label.description
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


async def list_milestones(call: Call) -> Response:
    repository, state = call.repository(), call.query("state", "open")
    return call.page([call.render.full_milestone(repository, one) for one in repository.milestones if state in {"all", one.state}])


async def get_milestone(call: Call) -> Response:
    repository = call.repository()
    found = call.render.milestone(repository, call.number("milestone"))
    if found is None:
        raise not_found()
    return json_answer(found)


async def create_milestone(call: Call) -> Response:
    repository = call.repository()
    title, when = call.text("title", "Milestone"), call.world.clock.now()
    if any(one.title == title for one in repository.milestones):
        raise invalid("Milestone", "title", "already_exists")
    milestone = Milestone(
        id=call.state.new_id(),
        number=len(repository.milestones) + 1,
        title=title,
        description=_text(call, "description"),
        state=_text(call, "state") or "open",
        due_on=_text(call, "due_on"),
        creator=call.user.login,
        created_at=when,
        updated_at=when,
    )
    repository.milestones.append(milestone)
    call.world.log(call.actor, "milestone.created", repository.full_name, {"milestone": title})
    return json_answer(call.render.full_milestone(repository, milestone), 201)


async def list_assignees(call: Call) -> Response:
    repository = call.repository()
    return call.page([call.render.simple_user(one) for one in call.state.users if repository.may(one.login, "triage")])


async def check_assignee(call: Call) -> Response:
    if call.state.user(call.path("login")) is None:
        raise not_found()
    return Response(status_code=204)


async def me(call: Call) -> Response:
    return json_answer(call.render.full_user(call.user, private=True))


async def get_user(call: Call) -> Response:
    user = call.state.user(call.path("login"))
    if user is None:
        raise not_found()
    return json_answer(call.render.full_user(user))


async def get_user_by_id(call: Call) -> Response:
    identity = call.number("id")
    user = next((one for one in call.state.users if one.id == identity), None)
    if user is None:
        raise not_found()
    return json_answer(call.render.full_user(user))


async def list_users(call: Call) -> Response:
    return call.page([call.render.simple_user(one) for one in sorted(call.state.users, key=lambda user: user.id)])


async def list_hooks(call: Call) -> Response:
    repository = _administered(call)
    return call.page([call.render.hook(repository, one) for one in repository.hooks])


async def create_hook(call: Call) -> Response:
    repository = _administered(call)
    config = _config(call)
    url = config.get("url")
    if not isinstance(url, str) or not url.startswith("http"):
        raise invalid("Hook", "url", "custom", "url is missing or is no http address")
    if any(one.url == url for one in repository.hooks):
        raise invalid("Hook", "url", "custom", "Hook already exists on this repository")
    if len(repository.hooks) >= HOOK_LIMIT:
        raise invalid("Hook", "events", "custom", f"The repository already has {HOOK_LIMIT} hooks")
    when = call.world.clock.now()
    hook = Hook(id=call.state.new_id(), url=url, events=["push"], content_type="form", created_at=when, updated_at=when)
    _configure(call, hook)
    repository.hooks.append(hook)
    _ping(call, repository, hook)
    return json_answer(call.render.hook(repository, hook), 201)


async def get_hook(call: Call) -> Response:
    return json_answer(call.render.hook(*_hook(call)))


async def update_hook(call: Call) -> Response:
    repository, hook = _hook(call)
    _configure(call, hook)
    hook.updated_at = call.world.clock.now()
    return json_answer(call.render.hook(repository, hook))


async def delete_hook(call: Call) -> Response:
    repository, hook = _hook(call)
    repository.hooks.remove(hook)
    return Response(status_code=204)


async def ping_hook(call: Call) -> Response:
    _ping(call, *_hook(call))
    return Response(status_code=204)


def _label(call: Call) -> tuple[Repository, Label]:
    repository = call.repository()
    label = repository.label(call.path("name"))
    if label is None:
        raise not_found()
    return repository, label


def _text(call: Call, name: str) -> str | None:
    value = call.body.get(name)
    return value if isinstance(value, str) else None


def _administered(call: Call) -> Repository:
    repository = call.repository()
    if not repository.may(call.user.login, "write"):
        raise not_found()
    return repository


def _hook(call: Call) -> tuple[Repository, Hook]:
    repository, identity = _administered(call), call.number("hook")
    hook = next((one for one in repository.hooks if one.id == identity), None)
    if hook is None:
        raise not_found()
    return repository, hook


def _config(call: Call) -> Json:
    config = call.body.get("config", {})
    if not isinstance(config, dict):
        raise invalid("Hook", "config", "custom", "config is missing")
    return config


def _configure(call: Call, hook: Hook) -> None:
    config = _config(call)
    events = call.names("events") if "events" in call.body else hook.events
    hook.events = list(dict.fromkeys(events))
    hook.active = call.body.get("active", hook.active) is not False
    hook.url = str(config.get("url", hook.url))
    hook.secret = str(config.get("secret", hook.secret) or "")
    hook.content_type = str(config.get("content_type", hook.content_type))


def _ping(call: Call, repository: Repository, hook: Hook) -> None:
    shown: JsonValue = call.render.hook(repository, hook)
    payload: Json = {"zen": "Keep it logically awesome.", "hook_id": hook.id, "hook": shown}
    call.world.deliver(call.actor, repository, hook, "ping", payload)
