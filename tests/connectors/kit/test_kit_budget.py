"""How many calls a platform still lets us make."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.kit.budget import LONGEST, Budget, Quota, quota_of

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=40)


class _Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        (
            {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "12", "x-ratelimit-reset": str(int(LATER.timestamp()))},
            Quota(5000, 12, 40),
        ),
        ({"x-ratelimit-limit": "100", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-05-06T07:08:49Z"}, Quota(100, 0, 40)),
        ({"ratelimit-limit": "700", "ratelimit-remaining": "699", "ratelimit-reset": "40"}, Quota(700, 699, 40)),
        ({"sforce-limit-info": "api-usage=907/15000"}, Quota(15000, 14093, LONGEST)),
        ({"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "many", "x-ratelimit-reset": "40"}, None),
        ({"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4", "x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-limit": "5000"}, None),
        ({}, None),
    ],
)
def test_every_form_of_a_quota_is_read(headers: dict[str, str], quota: Quota | None) -> None:
    assert quota_of(headers, NOW) == quota


def _told(left: int, resource: str = "") -> dict[str, str]:
    named = {"x-ratelimit-resource": resource} if resource else {}
    return {"x-ratelimit-limit": "100", "x-ratelimit-remaining": str(left), "x-ratelimit-reset": "30", **named}


def test_the_whole_quota_is_ours_unless_told_otherwise() -> None:
    budget = Budget(clock=_Clock())
    budget.note("/issues", _told(1), NOW)
    assert budget.wait("/issues") == 0
    budget.note("/issues", _told(0), NOW)
    assert budget.wait("/issues") == 30


def test_what_is_left_to_others_is_not_used() -> None:
    clock = _Clock()
    budget = Budget(0.8, clock)
    budget.note("/issues", _told(21), NOW)
    assert budget.wait("/issues") == 0
    budget.note("/issues", _told(20), NOW)
    assert budget.wait("/other") == 30
    clock.seconds = 30
    assert budget.wait("/issues") == 0


def test_quotas_of_other_names_are_apart() -> None:
    budget = Budget(clock=_Clock())
    budget.note("/search/issues", _told(0, "search"), NOW)
    budget.note("/repos/acme/app", _told(50, "core"), NOW)
    assert (budget.wait("/search/issues"), budget.wait("/repos/acme/app"), budget.wait("/user")) == (30, 0, 30)


def test_a_quota_that_is_used_up_is_told_apart_from_a_pause() -> None:
    clock = _Clock()
    budget = Budget(clock=clock)
    assert not budget.is_used_up("/graphql")
    budget.note("/graphql", _told(0, "graphql"), NOW)
    budget.note("/repos/acme/app", _told(50, "core"), NOW)
    budget.hold("/repos/acme/app", 10)
    assert (budget.is_used_up("/graphql"), budget.is_used_up("/repos/acme/app"), budget.is_used_up("/user")) == (True, False, False)
    clock.seconds = 30
    assert not budget.is_used_up("/graphql")


def test_no_pause_is_endless() -> None:
    budget = Budget(clock=_Clock())
    budget.hold("/issues", 10 * LONGEST)
    assert budget.wait("/issues") == LONGEST
