"""What a text of an issue needs to show the issue's files."""

from collections.abc import Iterable

from pydantic import JsonValue

from connectors.jira import mapping
from connectors.jira.client import JiraClient
from connectors.jira.dialect import Dialect


async def dialect_for(client: JiraClient, issue_id: str, written: Iterable[JsonValue], *before: JsonValue) -> Dialect:
    """The dialect for texts that are to be written in place of those `before`; the issue is read only if one has a picture."""
    dialect = await client.dialect()
    if dialect.files_by_name or not any("![" in text for text in written if isinstance(text, str)):
        return dialect
    issue = await client.issue(issue_id, "attachment,description,environment")
    return dialect.showing(mapping.files(issue, client.site).shown_in(*before))
