"""The two dialects of Jira's REST API: what Cloud's version 3 and Data Center's version 2 say differently, and nothing else.

A site tells which it speaks (`serverInfo`, `deploymentType`); the client asks once and keeps the answer.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import JsonValue

from connectors.jira import mentions, pictures, wiki
from connectors.jira.payloads import AttachmentPayload, UserPayload
from connectors.jira.pictures import Files
from connectors.kit.http import Parameters
from connectors.kit.safety import harmless
from model.item import Fields
from model.pictures import is_name, name_in, retargeted, target_of

PROPERTY = "twinline"
NO_FILES = Files()
FORMS = "https://acme.atlassian.net (Cloud) or https://jira.acme.example (Data Center)"


class Dialect(Protocol):
    """`expand` is what a whole issue is read with. `comments_in_issue` says that an issue's own answer tells which comments are internal,
    `marks_words` that a work log carries its marker among its words, having no properties.

    Pages of a search are asked for in `order`, which misses nothing while issues change; `search` gives path and body of one page.
    `files_by_name` says that a text shows a file of its issue by the name alone, `reads_several` that one call reads several whole issues,
    `tells_workflows` that the workflow of a type of issues can be asked for.
    """

    title: str
    api: str
    hooks: str
    expand: str
    order: str
    comments_in_issue: bool
    marks_words: bool
    files_by_name: bool
    reads_several: bool
    tells_workflows: bool

    def showing(self, files: Files) -> "Dialect":
        """For the texts of an issue with these files."""
        ...

    def text(self, stored: JsonValue) -> str | None:
        """Neutral text of a rich text, None for none."""
        ...

    def document(self, body: str | None) -> JsonValue:
        """A rich text as it is sent; None for empty text."""
        ...

    def account(self, user: UserPayload) -> Fields:
        """A person as fields name one."""
        ...

    def user(self, key: str) -> Parameters: ...

    def users(self, query: str) -> Parameters: ...

    def assignable(self, user: UserPayload) -> Parameters: ...

    def projects(self) -> str:
        """The path of the listing of projects."""
        ...

    def search(self, jql: str, fields: list[JsonValue], token: str | None, limit: int) -> tuple[str, Fields]: ...

    def trial(self, jql: str) -> tuple[str, Fields, Parameters]:
        """Path, body and parameters of a call that tells what is wrong with a query."""
        ...

    def place(self, attachment: AttachmentPayload) -> str:
        """Where the bytes of a file are: a path on the site."""
        ...

    def hook(self, name: str, url: str, events: Sequence[str], jql: str, secret: str) -> Fields:
        """A webhook that is on, as it is sent to the path `hooks`."""
        ...


class Cloud:
    """Version 3: Atlassian documents, accounts by id, searches that go on by token."""

    title = "Jira Cloud"
    api = "/rest/api/3"
    hooks = "/rest/webhooks/1.0/webhook"
    expand = "names"
    order = "updated ASC, key ASC"
    comments_in_issue = True
    marks_words = False
    files_by_name = False
    reads_several = True
    tells_workflows = True

    def __init__(self, files: Files = NO_FILES) -> None:
        self._files = files

    def showing(self, files: Files) -> "Cloud":
        return Cloud(files)

    def text(self, stored: JsonValue) -> str | None:
        return pictures.read(stored, self._files) or None

    def document(self, body: str | None) -> JsonValue:
        """Jira stores an empty document as no document."""
        return pictures.written(mentions.annotated(body, lambda one: one.key), self._files) if body and body.strip() else None

    def account(self, user: UserPayload) -> Fields:
        return {"accountId": user.account_id}

    def user(self, key: str) -> Parameters:
        return {"accountId": key}

    def users(self, query: str) -> Parameters:
        return {"query": query}

    def assignable(self, user: UserPayload) -> Parameters:
        return {"accountId": user.account_id}

    def projects(self) -> str:
        return "project/search"

    def search(self, jql: str, fields: list[JsonValue], token: str | None, limit: int) -> tuple[str, Fields]:
        body: Fields = {"jql": jql, "fields": fields, "properties": [PROPERTY], "maxResults": limit}
        return "search/jql", {**body, "nextPageToken": token} if token else body

    def trial(self, jql: str) -> tuple[str, Fields, Parameters]:
        return "jql/parse", {"queries": [jql]}, {"validation": "strict"}

    def place(self, attachment: AttachmentPayload) -> str:
        """Jira sends the caller on from there to its media store."""
        return f"{self.api}/attachment/content/{attachment.id}"

    def hook(self, name: str, url: str, events: Sequence[str], jql: str, secret: str) -> Fields:
        return {**_hook(name, url, events, jql), "enabled": True, "excludeBody": False, "secret": secret}


class DataCenter:
    """Version 2: wiki markup, people by name, searches that go on by number.

    The newest come first: an issue that changes meanwhile moves to the front, so that a later page repeats some and skips none.
    """

    title = "Jira Data Center"
    api = "/rest/api/2"
    hooks = "/rest/jira-webhook/1.0/webhooks"
    expand = "names,schema"
    order = "updated DESC, key DESC"
    comments_in_issue = False
    marks_words = True
    files_by_name = True
    reads_several = False
    tells_workflows = False
    overlap = 10
    """How many issues may vanish while the pages are read without another one being skipped."""

    def showing(self, files: Files) -> "DataCenter":
        del files
        return self

    def text(self, stored: JsonValue) -> str | None:
        if not isinstance(stored, str):
            return None
        return harmless(retargeted(wiki.from_wiki(stored), lambda target: target_of(target) if is_name(target) else target)) or None

    def document(self, body: str | None) -> JsonValue:
        if not body or not body.strip():
            return None
        said = mentions.annotated(harmless(body), lambda one: one.username)
        return wiki.to_wiki(retargeted(said, lambda target: name_in(target) or target))

    def account(self, user: UserPayload) -> Fields:
        return {"name": user.name}

    def user(self, key: str) -> Parameters:
        return {"key": key}

    def users(self, query: str) -> Parameters:
        return {"username": query}

    def assignable(self, user: UserPayload) -> Parameters:
        return {"username": user.name}

    def projects(self) -> str:
        return "project"

    def search(self, jql: str, fields: list[JsonValue], token: str | None, limit: int) -> tuple[str, Fields]:
        start = max(0, int(token) - self.overlap) if token else 0
        return "search", {"jql": jql, "fields": fields, "properties": [PROPERTY], "maxResults": limit, "startAt": start}

    def trial(self, jql: str) -> tuple[str, Fields, Parameters]:
        return "search", {"jql": jql, "fields": [], "maxResults": 0, "validateQuery": True}, {}

    def place(self, attachment: AttachmentPayload) -> str:
        return "/secure/" + attachment.content.partition("/secure/")[2]

    def hook(self, name: str, url: str, events: Sequence[str], jql: str, secret: str) -> Fields:
        """A `secret` beside the configuration would be ignored, and the calls come unsigned."""
        return {**_hook(name, url, events, jql), "active": True, "configuration": {"EXCLUDE_BODY": "false", "SECRET": secret}}


def _hook(name: str, url: str, events: Sequence[str], jql: str) -> Fields:
    return {"name": name, "url": url, "events": list(events), "filters": {"issue-related-events-section": jql}}


DIALECTS: Mapping[str, Dialect] = {"Cloud": Cloud(), "Server": DataCenter()}
"""By what `deploymentType` says."""
