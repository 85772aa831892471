# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The fake Data Center as clients that we did not write see it: `jira` and `atlassian-python-api` from PyPI."""

import asyncio
import warnings
from io import BytesIO
from typing import cast

import pytest
from atlassian import Jira
from jira_site import BOT, TOKEN, Site
from requests import HTTPError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from jira import JIRA, JIRAError

WRITES = ["create", "update", "transition", "comment", "attach", "delete"]


@pytest.mark.parametrize("login", [{"token_auth": TOKEN}, {"basic_auth": (BOT, TOKEN)}])
async def test_the_jira_package_works(center: Site, login: dict[str, object]) -> None:
    await asyncio.to_thread(_by_jira, center.url, login)
    assert [(one["action"], one["actor"]) for one in (await center.state())["log"]] == [(action, BOT) for action in WRITES]


def _by_jira(url: str, login: dict[str, object]) -> None:
    client = JIRA(url, max_retries=0, **login)  # pyright: ignore[reportArgumentType]
    issue = client.create_issue(project="SYNC", summary="by client", issuetype={"name": "Epic"}, description="*hello*")
    issue.update(fields={"summary": "changed", "assignee": {"name": "ann"}})
    client.transition_issue(issue, "Done")
    read = client.issue(issue.key)
    assert (read.fields.description, read.fields.assignee and read.fields.assignee.name, read.fields.status.name) == (
        "*hello*",
        "ann",
        "Done",
    )
    comment = client.add_comment(issue, "_hi_")
    assert [(one.id, one.body) for one in client.comments(issue)] == [(comment.id, "_hi_")]
    attached = client.add_attachment(issue, cast("str", BytesIO(b"acme")), filename="a.txt")
    assert client.attachment(attached.id).get() == b"acme"
    assert [one.key for one in client.search_issues("project = SYNC")] == [issue.key]
    assert [one.name for one in client.search_users(user="bob")] == ["bob"]
    issue.delete()
    with pytest.raises(JIRAError, match="Issue does not exist"):
        client.issue(issue.key)
    client.close()


async def test_atlassian_python_api_works(center: Site) -> None:
    await asyncio.to_thread(_by_atlassian, center.url)
    assert [(one["action"], one["actor"]) for one in (await center.state())["log"]] == [(action, BOT) for action in WRITES]


def _by_atlassian(url: str) -> None:
    client = Jira(url=url, token=TOKEN, cloud=False)
    made = client.create_issue(
        {"project": {"key": "SYNC"}, "issuetype": {"name": "Task"}, "summary": "by client", "description": "*hello*"}
    )
    key = cast("dict[str, str]", made)["key"]
    client.update_issue_field(key, {"summary": "changed", "labels": ["acme"]})
    client.set_issue_status(key, "Done")
    client.issue_add_comment(key, "_hi_")
    file = BytesIO(b"acme")
    file.name = "a.txt"
    client.add_attachment_object(key, file)
    fields = cast("dict[str, dict[str, object]]", client.issue(key))["fields"]
    assert (fields["summary"], fields["description"], fields["labels"]) == ("changed", "*hello*", ["acme"])
    page = cast("dict[str, list[dict[str, str]]]", client.jql("ORDER BY key", fields="summary", start=1, limit=2))
    assert (page["startAt"], page["total"], len(page["issues"])) == (1, 6, 2)
    client.delete_issue(key)
    with pytest.raises(HTTPError, match="Issue does not exist"):
        client.issue(key)
    client.close()


async def test_atlassian_python_api_is_told_of_bad_credentials(center: Site) -> None:
    def look() -> None:
        client = Jira(url=center.url, token="stale-token", cloud=False)
        with pytest.raises(HTTPError) as caught:
            client.myself()
        assert caught.value.response is not None
        assert caught.value.response.status_code == 401
        client.close()

    await asyncio.to_thread(look)
