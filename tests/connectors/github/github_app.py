"""A GitHub App with a key of its own, and a fake that knows its public half."""

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from github_site import GitHubSite, running
from pydantic import JsonValue

from connectors.github.connector import GitHubConnector
from connectors.kit.interface import SystemAccess

APP_ID = "1001"


@cache
def keys(which: str = "ours") -> tuple[str, str]:
    """The private and the public one, in PEM form."""
    del which
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def seed(**app: Any) -> dict[str, JsonValue]:
    """Repositories of two owners, who both have the app unless `app` says otherwise."""
    issues: JsonValue = [{"title": "Anvil", "user": "ann"}]
    repositories: JsonValue = [{"name": "acme/app", "issues": issues}, {"name": "wile/traps", "issues": issues}]
    return {"app": {"public_key": keys()[1], **app}, "repositories": repositories}


def access(url: str, **credentials: str) -> SystemAccess:
    given = {"app_id": APP_ID, "private_key": keys()[0], **credentials}
    return SystemAccess(name="acme-github", url=url, credentials=given, calls_per_second=500)


@asynccontextmanager
async def installed(site: GitHubSite, path: str = "", **credentials: str) -> AsyncGenerator[GitHubConnector]:
    connector = GitHubConnector(access(site.url + path, **credentials))
    try:
        yield connector
    finally:
        await connector.aclose()


@asynccontextmanager
async def app_site(**app: Any) -> AsyncGenerator[GitHubSite]:
    async with running(seed(**app)) as site:
        yield site


async def made(site: GitHubSite) -> list[str]:
    """For whom tokens were made, in order."""
    log: Any = (await site.state())["log"]
    return [one["item"] for one in log if one["action"] == "token.created"]


def proof(**claims: object) -> Mapping[str, str]:
    """What signs a call in as the app itself."""
    now = int(time.time())
    told = {"iat": now - 60, "exp": now + 500, "iss": APP_ID, **claims}
    return {"Authorization": f"Bearer {jwt.encode(told, keys()[0], algorithm='RS256')}"}


async def revoke(site: GitHubSite, token: str) -> None:
    """GitHub takes the token no more."""
    headers: Mapping[str, str] = {"Authorization": f"Bearer {token}"}
    (await site.client.delete("/installation/token", headers=headers)).raise_for_status()
