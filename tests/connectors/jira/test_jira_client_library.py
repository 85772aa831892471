# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The fake site as a client that we did not write sees it: the `jira` package from PyPI."""

import asyncio
import warnings
from io import BytesIO
from typing import cast

import pytest
from jira_site import BOT, TOKEN, Site, document

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from jira import JIRA, JIRAError


@pytest.mark.parametrize("version", ["2", "3"])
async def test_a_public_client_library_works(site: Site, version: str) -> None:
    await asyncio.to_thread(_work, site.url, version)
    log = (await site.state())["log"]
    assert [one["action"] for one in log] == ["create", "update", "transition", "comment", "attach", "delete"]
    assert all(one["actor"] == BOT for one in log)


def _work(url: str, version: str) -> None:
    client = JIRA(url, basic_auth=(BOT, TOKEN), options={"rest_api_version": version}, max_retries=0)
    text = cast("str", "*hello*" if version == "2" else document("hello"))
    assert client.project("APP").name == "Acme App"
    assert {one.name for one in client.priorities()} >= {"High", "Low"}
    issue = client.create_issue(project="APP", summary="by client", issuetype={"name": "Bug"}, description=text)
    assert issue.fields.status.name == "To Do"
    issue.update(fields={"summary": "changed", "labels": ["acme"]})
    client.transition_issue(issue, "Done")
    read = client.issue(issue.key)
    assert (read.fields.summary, read.fields.labels, read.fields.status.name) == ("changed", ["acme"], "Done")
    comment = client.add_comment(issue, text)
    assert [one.id for one in client.comments(issue)] == [comment.id]
    attached = client.add_attachment(issue, cast("str", BytesIO(b"acme")), filename="a.txt")
    assert client.attachment(attached.id).get() == b"acme"
    found = client.search_issues('project = APP AND summary ~ "changed"')
    assert [one.key for one in found] == [issue.key]
    issue.delete()
    with pytest.raises(JIRAError, match="Issue does not exist"):
        client.issue(issue.key)
    client.close()
