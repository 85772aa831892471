"""Acme's two fake systems and an API over them, with Temporal down."""

import base64
import secrets
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import SecretStr

import api.app
from config.opening import Opened, opened
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from store import Store
from tests.cli.desk import TOKEN, Desk

FILE = """\
workspace: acme
systems:
  acme-jira: {{kind: jira, url: "{jira}", credentials: {{user: bot@acme.test, token: $ACME_TOKEN}}}}
  acme-github: {{kind: github, url: "{github}", credentials: {{token: $ACME_TOKEN}}}}
integrations:
  jira-github: {{left: acme-jira, right: acme-github}}
connections:
  app-bugs:
    integration: jira-github
    left: {{settings: {{project: APP}}}}
    right: {{settings: {{repository: acme/app}}}}
"""


@pytest.fixture
async def systems() -> AsyncGenerator[tuple[str, str]]:
    jira = declaration("jira").fake(FakeOptions(user="bot@acme.test", secret=TOKEN))
    github = declaration("github").fake(FakeOptions(user="acme-bot", secret=TOKEN))
    async with serving(jira) as jira_url, serving(github) as github_url:
        yield jira_url, github_url


@pytest.fixture
def file(tmp_path: Path, systems: tuple[str, str]) -> Path:
    written = tmp_path / "acme.yaml"
    written.write_text(FILE.format(jira=systems[0], github=systems[1]))
    return written


@pytest.fixture
async def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> AsyncGenerator[Opened]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    key = SecretStr(base64.b64encode(secrets.token_bytes(32)).decode())
    async with opened(Settings(data=tmp_path / "data", secret_key=key)) as parts:
        yield parts


@pytest.fixture
def store(parts: Opened) -> Store:
    return parts.store


@pytest.fixture
async def desk(file: Path, parts: Opened, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Desk]:
    monkeypatch.setenv("ACME_TOKEN", TOKEN)
    async with serving(api.app.build(parts, {})) as url:
        monkeypatch.setenv("TWINLINE_API", url)
        yield Desk(file)
