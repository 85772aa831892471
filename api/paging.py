"""Pages of lists that can be long: `limit`, `after`, and the way to the next page.

Every such list answers with a page whose `after` is the cursor of the next one and empty on the last; a header `Link` has its address.
"""

import re
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Query, Request, Response
from starlette.exceptions import HTTPException

PAGE = 200
MOST = 1000

_ID = re.compile(r"[0-9a-f]{32}|")
_NUMBER = re.compile(r"[0-9]{0,18}")

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most")]
After = Annotated[str, Query(description="`after` of the page before")]


class Page(Protocol):
    @property
    def after(self) -> str: ...


P = TypeVar("P", bound=Page)


class _Paging:
    def __init__(self, request: Request, response: Response, limit: Limit = PAGE) -> None:
        self._request, self._response, self.limit = request, response, limit

    def linked(self, page: P) -> P:
        """The page, with the address of the next one in a header (RFC 8288)."""
        if page.after:
            url = self._request.url.include_query_params(after=page.after)
            self._response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return page


class _ById(_Paging):
    """The cursor is the id of the last one of the page before."""

    def __init__(self, request: Request, response: Response, limit: Limit = PAGE, after: After = "") -> None:
        super().__init__(request, response, limit)
        self.after = _cursor(after, _ID)


class _ByNumber(_Paging):
    """The cursor is the number of the last one of the page before, 0 for the first page."""

    def __init__(self, request: Request, response: Response, limit: Limit = PAGE, after: After = "") -> None:
        super().__init__(request, response, limit)
        self.after = int(_cursor(after, _NUMBER) or 0)


ById = Annotated[_ById, Depends()]
ByNumber = Annotated[_ByNumber, Depends()]


def _cursor(after: str, form: re.Pattern[str]) -> str:
    if form.fullmatch(after):
        return after
    raise HTTPException(
        400, f"{after[:60]!r} is no place in this list; leave after out to begin, and then send the after of the page before"
    )
