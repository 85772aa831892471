"""The API as a test calls it."""

import base64
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import JsonValue, SecretStr

import api.app
from config.opening import Opened, opened
from config.pacing import Limits
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.http import Answer, exchange
from connectors.kit.interface import FakeOptions

TOKEN = "acme-token-4711"
KEY = SecretStr(base64.b64encode(secrets.token_bytes(32)).decode())

UNHURRIED = Limits(calls=100_000, wrong_tokens=100_000)
"""Tests call, and send wrong tokens, more often than anybody else."""


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


@asynccontextmanager
async def opened_site(settings: Settings) -> AsyncGenerator[Site]:
    """The API over that store, and fakes of the two systems that `content` declares."""
    jira = declaration("jira").fake(FakeOptions(user="bot@acme.test", secret=TOKEN))
    github = declaration("github").fake(FakeOptions(user="acme-bot", secret=TOKEN))
    async with (
        serving(jira) as jira_url,
        serving(github) as github_url,
        opened(settings) as parts,
        serving(api.app.build(parts, {}, UNHURRIED)) as url,
    ):
        yield Site(url, jira_url, github_url, parts)
