"""How each platform keeps a description that Twinline writes, and how it shows it to people."""

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt

from connectors import declaration
from connectors.azure_devops import text as azure
from connectors.azure_devops.pictures import Files as AzureFiles
from connectors.github import text as github
from connectors.jira.dialect import Cloud
from connectors.jira.pictures import Files as JiraFiles
from connectors.kit.interface import SystemAccess
from connectors.redmine import text as redmine
from connectors.salesforce import text as salesforce
from connectors.servicenow import text as servicenow
from connectors.zendesk import text as zendesk
from connectors.zendesk.pictures import Files as ZendeskFiles
from model.text import tidy

SITE = "https://acme.test"
CLOUD = Cloud(JiraFiles(SITE))


@dataclass(frozen=True)
class Way:
    """`kept` is what the platform is sent, `page` what a browser is given to show that. Jira's documents are a page of their nodes."""

    kind: str
    title: str
    kept: Callable[[str], str]
    page: Callable[[str], str]
    nodes: bool = False

    def as_read(self, text: str) -> str:
        return tidy(_reader(self.kind)(text))


@cache
def _reader(kind: str) -> Callable[[str], str]:
    """Jira's as Cloud has it: a connector that was not asked anything yet does not know its dialect."""
    if kind == "jira":
        return lambda text: CLOUD.text(CLOUD.document(text)) or ""
    access = SystemAccess(name=kind, url=SITE, credentials=CREDENTIALS[kind])
    return declaration(kind).open(access).as_read


CREDENTIALS: Mapping[str, dict[str, str]] = {
    "azure-devops": {"token": "token"},
    "servicenow": {"user": "bot", "password": "token"},
    "salesforce": {"client_id": "app", "client_secret": "token"},
    "github": {"token": "token"},
    "zendesk": {"email": "bot@acme.test", "token": "token"},
    "redmine": {"key": "token"},
}


def markdown(text: str) -> str:
    """As CommonMark with tables shows it, where every address is taken for good."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
    reader.validateLink = lambda url: True  # pyright: ignore[reportAttributeAccessIssue]
    return reader.render(text).replace("<li>[ ] ", '<li><input type="checkbox"> ').replace("<li>[x] ", '<li><input type="checkbox"> ')


def _plain(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _same(page: str) -> str:
    return page


def _adf(text: str) -> str:
    return json.dumps(CLOUD.document(text))


WAYS = (
    Way("jira", "Jira Cloud", _adf, _same, nodes=True),
    Way("azure-devops", "Azure DevOps", lambda text: azure.sent(text, files=AzureFiles(SITE)), _same),
    Way("servicenow", "ServiceNow", lambda text: servicenow.column_value("string", text), _plain),
    Way("salesforce", "Salesforce", lambda text: salesforce.sent(text, None), _plain),
    Way("github", "GitHub", lambda text: github.sent(text, None), markdown),
    Way("zendesk", "Zendesk", lambda text: zendesk.sent(text, ZendeskFiles(SITE)), _same),
    Way("redmine", "Redmine", lambda text: redmine.sent(text, None), markdown),
)
