"""The API over a real socket, with Temporal down: what is recorded must not depend on it."""

import base64
import secrets
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from pydantic import SecretStr

import api.app
from config.opening import opened
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from tests.api.api_site import TOKEN, Site


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> AsyncGenerator[Site]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    key = SecretStr(base64.b64encode(secrets.token_bytes(32)).decode())
    jira = declaration("jira").fake(FakeOptions(user="bot@acme.test", secret=TOKEN))
    github = declaration("github").fake(FakeOptions(user="acme-bot", secret=TOKEN))
    async with (
        serving(jira) as jira_url,
        serving(github) as github_url,
        opened(Settings(data=tmp_path, secret_key=key)) as parts,
        serving(api.app.build(parts, {})) as url,
    ):
        yield Site(url, jira_url, github_url, parts)
