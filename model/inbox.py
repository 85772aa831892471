"""What a webhook or a poll tells about items: hints, kept until a twin or a trigger has taken note of them."""

from datetime import datetime

from model.frozen import Frozen


class InboxChange(Frozen):
    """An item that changed. `version` and `marker` are empty where the platform did not tell them."""

    item_id: str
    key: str = ""
    version: str = ""
    marker: str | None = None
    deleted: bool = False


class InboxRow(InboxChange):
    """A stored change. `delivery` is the webhook's own id, or starts with `poll`."""

    id: int
    system: str
    delivery: str
    attempts: int = 0
    received: datetime

    @property
    def polled(self) -> bool:
        return self.delivery.startswith("poll")
