"""The REST API of a Jira site, Cloud or Data Center, as a stateful ASGI app, written from Atlassian's documentation.

`connectors/jira/README.md` tells the people, the seed's form and what is missing.
"""

from datetime import UTC, datetime, timedelta
from typing import cast

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.jira import (
    fake_around,
    fake_boards,
    fake_choices,
    fake_comments,
    fake_filters,
    fake_issues,
    fake_lists,
    fake_meta,
    fake_moves,
    fake_parts,
    fake_rename,
    fake_work,
)
from connectors.jira.fake_seed import open_site
from connectors.jira.fake_shown import state
from connectors.kit.fake import fake_app
from connectors.kit.interface import FakeOptions

READING_POSTS = (
    "/search",
    "/search/jql",
    "/search/approximate-count",
    "/jql/parse",
    "/issue/bulkfetch",
    "/workflows",
    "/comment/list",
    "/worklog/list",
)


class FakeJira:
    """One site with its own people, projects and issues."""

    def __init__(self, options: FakeOptions) -> None:
        site = open_site(options)
        parts = (
            fake_lists,
            fake_meta,
            fake_choices,
            fake_boards,
            fake_filters,
            fake_issues,
            fake_moves,
            fake_comments,
            fake_parts,
            fake_rename,
            fake_around,
            fake_work,
        )
        routes = [one for part in parts for one in part.routes(site)]
        self._app: ASGIApp = fake_app([*routes], site.controls, lambda: state(site), _rate_limited, _is_write, site.log)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(cast("Scope", scope), cast("Receive", receive), cast("Send", send))


def _rate_limited() -> Response:
    reset = datetime.now(UTC) + timedelta(seconds=1)
    headers = {
        "Retry-After": "1",
        "X-RateLimit-Limit": "350",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%MZ"),
        "RateLimit-Reason": "jira-burst-based",
    }
    return JSONResponse({"errorMessages": ["Rate limit exceeded."], "errors": {}}, 429, headers)


def _is_write(scope: Scope) -> bool:
    return scope["method"] in {"POST", "PUT", "DELETE"} and not scope["path"].endswith(READING_POSTS)
