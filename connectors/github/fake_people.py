"""The fake's users, organisations and what they may do: https://docs.github.com/en/rest/users."""

from starlette.responses import Response

from connectors.github.fake_call import Call, json_answer, not_found
from connectors.github.fake_render import Json
from connectors.github.fake_state import Repository, User

PERMISSIONS = {"read": "read", "triage": "read", "write": "write", "maintain": "write", "admin": "admin"}


async def me(call: Call) -> Response:
    return json_answer(call.render.full_user(call.user, private=True))


async def get_user(call: Call) -> Response:
    return json_answer(call.render.full_user(_user(call)))


async def get_user_by_id(call: Call) -> Response:
    identity = call.number("id")
    user = next((one for one in call.state.users if one.id == identity), None)
    if user is None:
        raise not_found()
    return json_answer(call.render.full_user(user))


async def list_users(call: Call) -> Response:
    return call.page([call.render.simple_user(one) for one in sorted(call.state.users, key=lambda user: user.id)])


async def get_organization(call: Call) -> Response:
    return json_answer(call.render.organization(_owned(call)[0]))


async def list_my_organizations(call: Call) -> Response:
    owners = {one.owner: one for one in call.state.repositories if call.state.user(one.owner) is None}
    return call.page([call.render.simple_organization(one) for one in owners.values()])


async def list_owned_repositories(call: Call) -> Response:
    """Those of an organisation, or of a user who may have none."""
    owner = call.path("owner").lower()
    found = [one for one in call.state.repositories if one.owner.lower() == owner]
    if not found and call.state.user(owner) is None:
        raise not_found()
    return call.page([call.render.repository(one, call.user.login) for one in found])


async def list_organization_types(call: Call) -> Response:
    first = next((one for one in _owned(call) if one.issue_types), None)
    return json_answer([call.render.issue_type(first, one) for one in first.issue_types] if first else [])


async def list_assignees(call: Call) -> Response:
    repository = call.repository()
    return call.page([call.render.simple_user(one) for one in call.state.users if repository.may(one.login, "triage")])


async def check_assignee(call: Call) -> Response:
    """204 for one who can be assigned, to the repository's issues or to one of them."""
    repository = call.issue()[0] if "number" in call.request.path_params else call.repository()
    if not repository.may(_user(call).login, "triage"):
        raise not_found()
    return Response(status_code=204)


async def list_collaborators(call: Call) -> Response:
    repository = call.repository()
    return call.page([_collaborator(call, repository, one) for one in call.state.users])


async def check_collaborator(call: Call) -> Response:
    call.repository()
    _user(call)
    return Response(status_code=204)


async def permission(call: Call) -> Response:
    repository, user = call.repository(), _user(call)
    role = repository.roles.get(user.login, "write")
    return json_answer({"permission": PERMISSIONS[role], "role_name": role, "user": _collaborator(call, repository, user)})


def _user(call: Call) -> User:
    user = call.state.user(call.path("login"))
    if user is None:
        raise not_found()
    return user


def _owned(call: Call) -> list[Repository]:
    owner = call.path("owner").lower()
    found = [one for one in call.state.repositories if one.owner.lower() == owner]
    if not found or call.state.user(owner) is not None:
        raise not_found()
    return found


def _collaborator(call: Call, repository: Repository, user: User) -> Json:
    role = repository.roles.get(user.login, "write")
    return {**call.render.simple_user(user), "role_name": role, "permissions": call.render.permissions(repository, user.login)}
