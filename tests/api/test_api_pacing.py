"""How often one may call, and how deep a body may nest."""

import pytest

import api.app
from api.nesting import DEEPEST, is_deep
from api.pacing import Pace, TooMany
from api.problems import ProblemDetails
from config.pacing import MOST_KEYS, Buckets, Limits
from connectors.kit.fake import serving
from connectors.kit.http import exchange
from model.audit import AuditFilter
from tests.api.api_site import Site
from tests.api.test_api_access import owned


class Clock:
    moment = 1000.0

    def __call__(self) -> float:
        return self.moment


def test_a_bucket_is_full_at_first_and_fills_evenly():
    clock = Clock()
    buckets = Buckets(30, clock)
    for _ in range(30):
        assert buckets.wait("ada") == 0
        buckets.take("ada")
    assert (buckets.wait("ada"), buckets.wait("ben")) == (2, 0)
    clock.moment += 1.5
    assert buckets.wait("ada") == 1
    clock.moment += 0.5
    assert buckets.wait("ada") == 0
    buckets.take("ada")
    assert buckets.wait("ada") == 2


def test_many_keys_do_not_fill_the_memory():
    buckets = Buckets(1, Clock())
    for number in range(MOST_KEYS + 1):
        buckets.take(str(number))
    assert ("0" in buckets, "1" in buckets) == (False, True)


def test_who_was_let_in_before_is_not_kept_out_by_wrong_tokens_of_the_same_address():
    pace = Pace(Limits(calls=9, wrong_tokens=2), Clock())
    pace.proved("Bearer good", "192.0.2.1")
    for _ in range(2):
        pace.admit("Bearer wrong", "192.0.2.1")
        pace.refused("192.0.2.1")
    pace.admit("Bearer good", "192.0.2.1")
    pace.admit("Bearer wrong", "192.0.2.2")
    with pytest.raises(TooMany, match="no good token"):
        pace.admit("Bearer other", "192.0.2.1")


async def test_a_token_that_calls_too_often_is_told_when_to_come_back(site: Site):
    owner = {"Authorization": f"Bearer {await owned(site)}"}
    before = len(await site.opened.store.audit.page(AuditFilter(), 99))
    async with serving(api.app.build(site.opened, {}, Limits(calls=3))) as url:
        statuses = [(await exchange("GET", f"{url}/api/v1/systems", None, None, owner)).status for _ in range(3)]
        refused = await exchange("POST", f"{url}/api/v1/deployment/adopt", None, None, owner)
        other = await exchange("GET", f"{url}/api/v1/systems", None, None, {})

    assert (statuses, refused.status, other.status) == ([200, 200, 200], 429, 401)
    assert (refused.headers["content-type"], refused.headers["retry-after"]) == ("application/problem+json", "20")
    assert "try again in 20 s" in ProblemDetails.model_validate_json(refused.body).detail
    assert len(await site.opened.store.audit.page(AuditFilter(), 99)) == before


async def test_wrong_tokens_are_slowed_down_and_calls_without_any_count(site: Site):
    owner = {"Authorization": f"Bearer {await owned(site)}"}
    async with serving(api.app.build(site.opened, {}, Limits(wrong_tokens=2))) as url:
        path = f"{url}/api/v1/systems"
        assert (await exchange("GET", path, None, None, owner)).status == 200
        sent: tuple[dict[str, str], ...] = ({}, {"Authorization": "Bearer twl_aa_bb"}, {"Authorization": "Bearer twl_aa_cc"}, owner)
        statuses = [(await exchange("GET", path, None, None, headers)).status for headers in sent]
    assert statuses == [401, 401, 429, 200]


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"[" * DEEPEST + b"]" * DEEPEST, False),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), True),
        (b'{"a":' * (DEEPEST + 1), True),
        (b"[]," * 100, False),
        (b'"' + b"[{" * 100 + b'"', False),
        (rb'"\"' + b"[" * 100 + b'"', False),
        (b'"" ' + b"[" * 100, True),
    ],
)
def test_what_counts_as_deep(body: bytes, deep: bool):
    assert is_deep(body) is deep


async def test_a_deep_body_is_refused_before_it_is_parsed(site: Site):
    deep: list[object] = []
    for _ in range(DEEPEST):
        deep = [deep]
    answer = await site.post("/api/v1/deployment", {"systems": deep})  # pyright: ignore[reportArgumentType]
    assert (answer.status, "more than 32 deep" in ProblemDetails.model_validate_json(answer.body).detail) == (422, True)
    assert (await site.opened.store.audit.page(AuditFilter(), 1))[0].outcome == "refused"
