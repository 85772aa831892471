"""Tiny Tracker's JSON. Unknown keys are ignored: a platform may add some at any time."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CommentPayload(Payload):
    """`reference` is whatever the writer wants to find it by."""

    id: int
    author: str
    text: str
    created: datetime
    reference: str | None = None


class CardPayload(Payload):
    """`revision` counts the changes of the whole tracker, so no two states share one."""

    id: int
    board: str
    title: str
    text: str
    state: str
    created: datetime
    updated: datetime
    revision: int
    reference: str | None = None
    comments: tuple[CommentPayload, ...] = ()


class CardPage(Payload):
    """Cards in the order of their last change; `last` is the revision to go on from."""

    cards: tuple[CardPayload, ...]
    last: int
    more: bool


class Me(Payload):
    login: str
