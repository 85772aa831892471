"""Reactions to the fake's issues and comments: https://docs.github.com/en/rest/reactions/reactions."""

from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, json_answer, not_found
from connectors.github.fake_children import comment_of
from connectors.github.fake_render import REACTIONS, Json, node
from connectors.github.fake_state import Comment, Issue, Reaction
from connectors.github.mapping import stamp


async def of_issue(call: Call) -> Response:
    return _answered(call, call.issue()[1])


async def of_comment(call: Call) -> Response:
    return _answered(call, comment_of(call)[2])


async def remove_from_issue(call: Call) -> Response:
    return _removed(call, call.issue()[1])


async def remove_from_comment(call: Call) -> Response:
    return _removed(call, comment_of(call)[2])


def react(call: Call, target: Issue | Comment, content: str) -> tuple[Reaction, bool]:
    """The caller's reaction, and whether it is new: of each kind there is one of a person. The target's time stays."""
    known = next((one for one in target.reactions if one.content == content and one.user == call.user.login), None)
    if known is not None:
        return known, False
    made = Reaction(id=call.state.new_id(), content=content, user=call.user.login, created_at=call.world.clock.now())
    target.reactions.append(made)
    return made, True


def _answered(call: Call, target: Issue | Comment) -> Response:
    if call.request.method == "GET":
        wanted = call.query("content")
        return call.page([_shown(call, one) for one in target.reactions if not wanted or one.content == wanted])
    content = call.body.get("content")
    if not isinstance(content, str):
        raise Problem(422, 'Invalid request.\n\n"content" wasn\'t supplied.')
    if content not in REACTIONS:
        raise Problem(422, f"Invalid request.\n\n{content} is not a member of {[*REACTIONS]}.")
    made, new = react(call, target, content)
    return json_answer(_shown(call, made), 201 if new else 200)


def _removed(call: Call, target: Issue | Comment) -> Response:
    wanted = call.number("reaction")
    found = next((one for one in target.reactions if one.id == wanted), None)
    if found is None:
        raise not_found()
    target.reactions.remove(found)
    return Response(status_code=204)


def _shown(call: Call, one: Reaction) -> Json:
    user = call.render.user(one.user)
    return {"id": one.id, "node_id": node("REA", one.id), "user": user, "content": one.content, "created_at": stamp(one.created_at)}
