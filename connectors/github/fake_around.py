"""What clients look for around issues: members of an organisation, search for repositories, and lists that are empty here."""

from starlette.responses import Response

from connectors.github.fake_call import Call, Endpoint, invalid, json_answer, not_found
from connectors.github.fake_render import Json

EMOJIS = ("+1", "-1", "confused", "eyes", "heart", "laughing", "rocket", "tada")
ABSENT = ("tags", "releases", "contributors", "teams", "stargazers", "subscribers", "forks", "events", "deployments", "keys")
ABSENT_OF_PULLS = ("files", "commits", "reviews", "comments")


def nothing(by_repository: bool) -> Endpoint:
    """An empty list, of a repository that the caller sees."""

    async def answer(call: Call) -> Response:
        if by_repository:
            call.repository()
        return call.page([])

    return answer


async def no_pull_parts(call: Call) -> Response:
    """Pull requests have no code here, and nobody reviews them."""
    if not call.issue()[1].pull_request:
        raise not_found()
    return call.page([])


async def no_reviewers(call: Call) -> Response:
    if not call.issue()[1].pull_request:
        raise not_found()
    return json_answer({"users": [], "teams": []})


async def topics(call: Call) -> Response:
    call.repository()
    return json_answer({"names": []})


async def languages(call: Call) -> Response:
    call.repository()
    return json_answer({})


async def combined_status(call: Call) -> Response:
    """Nothing has been checked."""
    repository, ref = call.repository(), call.path("ref")
    api = f"{call.base}/repos/{repository.full_name}"
    shown = call.render.repository(repository, call.user.login)
    told: Json = {"state": "pending", "statuses": [], "sha": ref, "total_count": 0}
    return json_answer({**told, "repository": shown, "commit_url": f"{api}/commits/{ref}", "url": f"{api}/commits/{ref}/status"})


async def check_runs(call: Call) -> Response:
    call.repository()
    return json_answer({"total_count": 0, "check_runs": []})


async def members(call: Call) -> Response:
    """Everybody is in every organisation."""
    _require_organization(call)
    return call.page([call.render.simple_user(one) for one in call.state.users])


async def check_member(call: Call) -> Response:
    _require_organization(call)
    if call.state.user(call.path("login")) is None:
        raise not_found()
    return Response(status_code=204)


async def organization_teams(call: Call) -> Response:
    _require_organization(call)
    return call.page([])


def _require_organization(call: Call) -> None:
    owner = call.path("owner").lower()
    if call.state.user(owner) is not None or all(one.owner.lower() != owner for one in call.state.repositories):
        raise not_found()


async def emojis(call: Call) -> Response:
    return json_answer({one: f"{call.web}/images/icons/emoji/{one}.png?v8" for one in EMOJIS})


async def zen(call: Call) -> Response:
    del call
    return Response("Approachable is better than simple.", media_type="text/plain; charset=utf-8")


async def search_repositories(call: Call) -> Response:
    """By words of the name or description, and the qualifiers `user`, `org` and `repo`."""
    terms = call.query("q").lower().split()
    if not terms:
        raise invalid("Search", "q", "missing")
    owners = {one.partition(":")[2] for one in terms if one.startswith(("user:", "org:"))}
    names = {one.partition(":")[2] for one in terms if one.startswith("repo:")}
    words = [one for one in terms if ":" not in one]
    found = [
        one
        for one in call.state.repositories
        if call.sees(one)
        and (not owners or one.owner.lower() in owners)
        and (not names or one.full_name.lower() in names)
        and all(word in f"{one.full_name} {one.description or ''}".lower() for word in words)
    ]
    items = [{**call.render.repository(one, call.user.login), "score": 1.0} for one in found]
    return call.page([*items], lambda part: {"total_count": len(found), "incomplete_results": False, "items": part})
