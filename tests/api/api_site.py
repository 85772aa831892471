"""The API as a test calls it."""

from dataclasses import dataclass

from pydantic import JsonValue

from config.opening import Opened
from connectors.kit.http import Answer, exchange

TOKEN = "acme-token-4711"


@dataclass
class Site:
    url: str
    jira: str
    github: str
    opened: Opened

    async def get(self, path: str) -> Answer:
        return await exchange("GET", f"{self.url}{path}")

    async def post(self, path: str, payload: JsonValue = None) -> Answer:
        return await exchange("POST", f"{self.url}{path}", payload)

    def content(self) -> dict[str, JsonValue]:
        return {
            "workspace": "acme",
            "systems": {
                "acme-jira": {"kind": "jira", "url": self.jira, "credentials": {"user": "bot@acme.test", "token": TOKEN}},
                "acme-github": {"kind": "github", "url": self.github, "credentials": {"token": TOKEN}},
            },
            "integrations": {"jira-github": {"left": "acme-jira", "right": "acme-github"}},
            "connections": {
                "app-bugs": {
                    "integration": "jira-github",
                    "left": {"settings": {"project": "APP"}},
                    "right": {"settings": {"repository": "acme/app"}},
                }
            },
        }
