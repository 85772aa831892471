"""One pair of platforms is measured, in haste."""

import pytest

from bench.crossing import HASTY
from bench.platform_calls import Extent, platform_calls
from bench.report import Work
from tests.e2e.places import Place, place, temporal_address
from tests.pairs.jira_platform import JiraPlatform
from tests.pairs.redmine_platform import RedminePlatform

__all__ = ["place", "temporal_address"]


@pytest.mark.pairs
async def test_calls_are_counted_on_both_sides_for_all_work(place: Place) -> None:
    rows = await platform_calls(Extent([(RedminePlatform, JiraPlatform)], backfill=2, aged=0.0, pace=HASTY), place[0])
    found = {(one.work, one.platform): one for one in rows}
    assert set(found) == {(work, platform) for work in Work for platform in ("redmine", "jira")} - {(Work.IDLE_POLL, "jira")}
    assert found[Work.EDIT, "jira"].made_by_kind["PUT /rest/api/3/issue/{id}"] == 1
    assert found[Work.COMMENT, "jira"].made_by_kind["POST /rest/api/3/issue/{id}/comment"] == 1
    assert found[Work.FIRST_SYNC, "jira"].made_by_kind["POST /rest/api/3/issue/{id}/comment"] == 10
    assert found[Work.BACKFILL, "jira"].made_by_kind["POST /rest/api/3/issue"] == found[Work.BACKFILL, "jira"].items == 2
    assert found[Work.IDLE_POLL, "redmine"].made_by_kind["GET /issues.json"] == 1
