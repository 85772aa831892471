"""Files of the fake's repositories, on one branch: https://docs.github.com/en/rest/repos/contents.

Each write is a commit; of a file only the newest text is kept.
"""

import base64
import binascii
import hashlib
from urllib.parse import quote

from pydantic import JsonValue
from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, json_answer, not_found
from connectors.github.fake_render import Json
from connectors.github.fake_state import Commit, Repository
from connectors.github.mapping import stamp

BRANCH = "main"
LARGEST = 100 * 1024 * 1024


async def read(call: Call) -> Response:
    """A file, or what is in a folder; raw where the Accept header asks for that."""
    repository, path = call.repository(), _path(call)
    _require_branch(call, repository, call.query("ref"))
    if path in repository.files:
        content = repository.files[path]
        if "raw" in call.request.headers.get("accept", ""):
            return Response(content, media_type="application/vnd.github.raw+json; charset=utf-8")
        held: Json = {"content": base64.encodebytes(content).decode(), "encoding": "base64"}
        return json_answer({**_entry(call, repository, path, "file"), **held})
    if not repository.files and not path:
        raise Problem(404, "This repository is empty.")
    inside = _inside(repository, path)
    if not inside:
        raise not_found()
    return json_answer([_entry(call, repository, one, kind) for one, kind in inside])


async def write(call: Call) -> Response:
    """A new file, or with the `sha` of what is there another text of it."""
    repository, path = call.repository(), _path(call)
    message, text = call.body.get("message"), call.body.get("content")
    for name, value in (("message", message), ("content", text)):
        if not isinstance(value, str):
            raise Problem(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    _require_push(call, repository)
    known = _matching(call, repository, path)
    try:
        content = base64.b64decode(str(text).replace("\n", ""), validate=True)
    except binascii.Error as error:
        raise Problem(422, "content is not valid Base64") from error
    if len(content) > LARGEST:
        raise Problem(422, "Sorry, your input was too large to process.")
    repository.files[path] = content
    commit = _committed(call, repository, str(message))
    return json_answer({"content": _entry(call, repository, path, "file"), "commit": commit}, 200 if known else 201)


async def remove(call: Call) -> Response:
    repository, path = call.repository(), _path(call)
    _require_push(call, repository)
    if not _matching(call, repository, path):
        raise not_found()
    message = call.body.get("message") or call.query("message")
    if not message:
        raise Problem(422, 'Invalid request.\n\n"message" wasn\'t supplied.')
    del repository.files[path]
    return json_answer({"content": None, "commit": _committed(call, repository, str(message))})


async def download(call: Call) -> Response:
    """The file itself, where `download_url` leads to."""
    repository, path = call.repository(), _path(call)
    if path not in repository.files:
        raise not_found()
    return Response(repository.files[path], media_type="application/octet-stream")


async def list_branches(call: Call) -> Response:
    repository = call.repository()
    return call.page([_branch(call, repository)] if repository.commits else [])


async def get_branch(call: Call) -> Response:
    repository = call.repository()
    if call.path("branch") != BRANCH or not repository.commits:
        raise Problem(404, "Branch not found")
    return json_answer({**_branch(call, repository), "commit": _commit(call, repository, repository.commits[-1])})


async def list_commits(call: Call) -> Response:
    """The newest first."""
    repository = call.repository()
    if not repository.commits:
        raise Problem(409, "Git Repository is empty.")
    return call.page([_commit(call, repository, one) for one in reversed(repository.commits)])


async def get_commit(call: Call) -> Response:
    repository, wanted = call.repository(), call.path("ref")
    found = [one for one in repository.commits if one.sha.startswith(wanted) or wanted == BRANCH]
    if not found:
        raise Problem(422, f"No commit found for SHA: {wanted}")
    return json_answer({**_commit(call, repository, found[-1]), "files": [], "stats": {"total": 0, "additions": 0, "deletions": 0}})


def _path(call: Call) -> str:
    return str(call.request.path_params.get("path", "")).strip("/")


def _require_branch(call: Call, repository: Repository, ref: str) -> None:
    known = {"", BRANCH, f"refs/heads/{BRANCH}", *(one.sha for one in repository.commits)}
    if ref not in known:
        raise Problem(404, f"No commit found for the ref {ref}")


def _require_push(call: Call, repository: Repository) -> None:
    _require_branch(call, repository, str(call.body.get("branch") or ""))
    if not repository.may(call.user.login, "write"):
        raise not_found()


def _matching(call: Call, repository: Repository, path: str) -> bool:
    """Whether the file is there; 422 and 409 where it is and its `sha` is missing or another."""
    sent = call.body.get("sha") or call.query("sha")
    if path not in repository.files:
        return False
    if not sent:
        raise Problem(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if sent != _sha(repository.files[path]):
        raise Problem(409, f"{path} does not match {sent}")
    return True


def _inside(repository: Repository, path: str) -> list[tuple[str, str]]:
    """What is in the folder: files, and further folders."""
    start = f"{path}/" if path else ""
    found: dict[str, str] = {}
    for one in sorted(repository.files):
        if one.startswith(start):
            name, _, deeper = one.removeprefix(start).partition("/")
            found[start + name] = "dir" if deeper else "file"
    return [*found.items()]


def _sha(content: bytes) -> str:
    """As git names a file of that content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _entry(call: Call, repository: Repository, path: str, kind: str) -> Json:
    api, web = f"{call.base}/repos/{repository.full_name}", f"{call.web}/{repository.full_name}"
    place, content = quote(path), repository.files.get(path, b"")
    sha = _sha(content if kind == "file" else path.encode())
    url, html = f"{api}/contents/{place}?ref={BRANCH}", f"{web}/{'blob' if kind == 'file' else 'tree'}/{BRANCH}/{place}"
    git = f"{api}/git/{'blobs' if kind == 'file' else 'trees'}/{sha}"
    raw = f"{web}/raw/{BRANCH}/{place}" if kind == "file" else None
    named: Json = {"name": path.rpartition("/")[2], "path": path, "sha": sha, "size": len(content), "type": kind}
    addresses: Json = {"url": url, "html_url": html, "git_url": git, "download_url": raw}
    return {**named, **addresses, "_links": {"self": url, "git": git, "html": html}}


def _committed(call: Call, repository: Repository, message: str) -> Json:
    when = call.world.clock.now()
    before = repository.commits[-1].sha if repository.commits else ""
    sha = hashlib.sha1(f"{before} {message} {when} {len(repository.commits)}".encode(), usedforsecurity=False).hexdigest()
    made = Commit(sha=sha, parent=before, message=message, user=call.user.login, at=when)
    repository.commits.append(made)
    call.world.log(call.actor, "commit.created", repository.full_name, {"message": message})
    return _git_commit(call, repository, made)


def _git_commit(call: Call, repository: Repository, one: Commit) -> Json:
    api, user = f"{call.base}/repos/{repository.full_name}", call.state.user(one.user)
    who: Json = {"name": (user and user.name) or one.user, "email": (user and user.email) or "", "date": stamp(one.at)}
    parents: list[JsonValue] = [{"sha": one.parent, "url": f"{api}/git/commits/{one.parent}"}] if one.parent else []
    verified: Json = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
    tree: Json = {"sha": one.sha, "url": f"{api}/git/trees/{one.sha}"}
    own: Json = {"sha": one.sha, "node_id": f"C_{one.sha}", "url": f"{api}/git/commits/{one.sha}"}
    html = f"{call.web}/{repository.full_name}/commit/{one.sha}"
    rest: Json = {"author": who, "committer": who, "message": one.message, "tree": tree, "parents": parents, "verification": verified}
    return {**own, "html_url": html, **rest}


def _commit(call: Call, repository: Repository, one: Commit) -> Json:
    told = _git_commit(call, repository, one)
    inner: Json = {name: told[name] for name in ("author", "committer", "message", "tree", "verification")}
    url = f"{call.base}/repos/{repository.full_name}/commits/{one.sha}"
    user = call.render.user(one.user)
    return {
        **{name: told[name] for name in ("sha", "node_id", "html_url", "parents")},
        "url": url,
        "comments_url": f"{url}/comments",
        "commit": {**inner, "url": told["url"], "comment_count": 0},
        "author": user,
        "committer": user,
    }


def _branch(call: Call, repository: Repository) -> Json:
    sha = repository.commits[-1].sha
    api = f"{call.base}/repos/{repository.full_name}"
    short: Json = {"sha": sha, "url": f"{api}/commits/{sha}"}
    checks: Json = {"enforcement_level": "off", "contexts": [], "checks": []}
    protection: Json = {"enabled": False, "required_status_checks": checks}
    address = f"{api}/branches/{BRANCH}"
    links: Json = {"self": address, "html": f"{call.web}/{repository.full_name}/tree/{BRANCH}"}
    return {
        "name": BRANCH,
        "commit": short,
        "protected": False,
        "protection": protection,
        "protection_url": f"{address}/protection",
        "_links": links,
    }
