"""The record of one vendor write: committed before it is sent, closed when its outcome is known."""

from datetime import datetime

from model.frozen import Frozen
from model.plan import Acknowledgement, Step
from model.words import IntentStatus, Side


class Intent(Frozen):
    """`op` is deterministic, so that a repeated step finds its earlier self.

    `sends` counts attempts to send. `recovering_since` is when we began to doubt the outcome: absence proves nothing until the horizon
    has passed from then. `plan` is the stored plan that the step belongs to; `settled` once what the write did is part of the base.
    """

    op: str
    twin: str
    target: Side
    step: Step
    status: IntentStatus
    sends: int = 0
    created: datetime
    recovering_since: datetime | None = None
    acknowledgement: Acknowledgement | None = None
    plan: int = 0
    settled: bool = False
