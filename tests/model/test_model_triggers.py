"""Names and schedules of triggers."""

import pytest
from pydantic import ValidationError

from model.configuration import Configuration
from model.trigger import Schedule, Trigger, named
from model.words import Side


@pytest.mark.parametrize(
    ("written", "cron", "every"),
    [
        ("0 3 * * *", "0 3 * * *", None),
        ("*/15 8-17 * * MON-FRI", "*/15 8-17 * * mon-fri", None),
        ("0 0 1,15 jan 7", "0 0 1,15 jan 7", None),
        ({"every": "24h"}, "", 86400.0),
        ({"every": 90}, "", 90.0),
    ],
)
def test_a_schedule_is_a_cron_expression_or_an_interval(written: object, cron: str, every: float | None) -> None:
    schedule = Schedule.model_validate(written)
    assert (schedule.cron, schedule.every) == (cron, every)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("0 3 * *", "is not a cron expression"),
        ("60 3 * * *", "'60' is no minute of a cron expression; write 0 to 59"),
        ("0 3 * * mon-sun-x", "is no day of the week"),
        ("0 17-8 * * *", "'17-8' is no hour"),
        ("0/0 * * * *", "'0/0' is no minute"),
        ("0 3 0 * *", "'0' is no day of the month"),
        ("0 3 * foo *", "'foo' is no month"),
        ({"every": "5s"}, "greater than or equal to 60"),
        ({"every": "24h", "cron": "0 3 * * *"}, "give either a cron expression or every"),
        ("", "give either a cron expression or every"),
        ({}, "give either a cron expression or every"),
    ],
)
def test_what_is_no_schedule_is_refused(written: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Schedule.model_validate(written)


def test_triggers_without_a_name_are_called_by_their_place_on_their_side() -> None:
    triggers = [
        Trigger(side=Side.LEFT, query="a"),
        Trigger(side=Side.RIGHT, query="b"),
        Trigger(side=Side.LEFT, query="c", name="urgent"),
        Trigger(side=Side.LEFT, query="d"),
    ]
    assert [one.name for one in named(triggers)] == ["trigger-1", "trigger-1", "urgent", "trigger-3"]


def test_what_was_stored_before_triggers_had_names_still_reads() -> None:
    stored = """{"left": {"outgoing": "", "incoming": ""}, "right": {"outgoing": "", "incoming": ""},
        "triggers": [{"side": "left", "query": "project = APP"}]}"""
    (trigger,) = Configuration.model_validate_json(stored).named_triggers
    assert (trigger.name, trigger.active, trigger.entity, trigger.notes, trigger.schedule) == ("trigger-1", True, "", "", None)
