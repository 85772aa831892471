"""The fake site's long texts as HTML, which `expand=renderedFields` asks for: paragraphs and line breaks only."""

from html import escape

from pydantic import JsonValue

from connectors.jira import fake_text
from connectors.jira.fake_render import Object, View
from connectors.jira.fake_state import Issue


def fields(view: View, issue: Issue, shown: Object) -> Object:
    """Of the fields that are shown the rich ones as HTML, and null for all others."""
    rich: Object = {"description": _html(issue.description), "environment": _html(issue.environment)}
    comments: list[JsonValue] = [
        {**view.comment(issue, one, properties=False), "body": _html(one.body)} for one in view.visible_comments(issue)
    ]
    page: Object = {"comments": comments, "maxResults": len(comments), "total": len(comments), "startAt": 0}
    known: Object = {**rich, "comment": page}
    return {name: known.get(name) for name in shown}


def _html(text: JsonValue) -> str:
    blocks = [block for block in fake_text.plain(text).replace("\r\n", "\n").split("\n\n") if block.strip()]
    return "\n".join("<p>" + escape(block, quote=False).replace("\n", "<br/>\n") + "</p>" for block in blocks)
