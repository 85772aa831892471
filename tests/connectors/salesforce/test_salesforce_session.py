"""Signing in and staying so."""

import asyncio
import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import ValidationError
from salesforce_site import SETTINGS, USER, Site, access, connected, created, running

from connectors.kit.interface import SystemAccess
from connectors.salesforce.config import Credentials
from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.payloads import TokenPayload
from connectors.salesforce.session import assertion, instance
from model.errors import LoginRejected, Misconfigured, TwinlineError, Unavailable


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


async def test_an_ended_session_is_renewed_once_for_all(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await salesforce.read(item_id)
    site.end_sessions()
    items = await asyncio.gather(*(salesforce.read(item_id) for _ in range(5)), salesforce.update(item_id, {"summary": "New"}))
    assert len(items) == 6
    assert len(site.world.sessions) == 1
    assert (await salesforce.read(item_id)).fields["summary"] == "New"


async def test_a_new_session_that_is_refused_as_well_rejects_the_log_in(site: Site, salesforce: SalesforceConnector) -> None:
    await salesforce.check(None)
    site.end_sessions()
    site.world.logins[USER].token = "changed-since"
    with pytest.raises(LoginRejected, match="invalid client credentials"):
        await salesforce.check(None)


async def test_a_refresh_token_signs_in(site: Site) -> None:
    async with connected(site, client_id=USER, refresh_token="refresh-twinline-secret") as salesforce:
        await salesforce.check(SETTINGS)
    async with connected(site, client_id=USER, refresh_token="gone-token") as salesforce:
        with pytest.raises(LoginRejected, match=r"invalid_grant: expired access/refresh token") as rejected:
            await salesforce.check(SETTINGS)
        assert "gone-token" not in rejected.value.message


async def test_a_private_key_signs_in() -> None:
    key, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    async with running({"public_key": public}) as site:
        async with connected(site, client_id=USER, user="ann@acme.test", private_key=_pem(key)) as salesforce:
            creator = (await salesforce.read(await created(salesforce))).fields["creator"]
            assert isinstance(creator, dict)
            assert creator["username"] == "ann@acme.test"
        for wrong in (
            {"user": "ann@acme.test", "private_key": _pem(other)},
            {"user": "eve@acme.test", "private_key": _pem(key)},
            {"user": "ann@acme.test", "private_key": _pem(key), "audience": "https://elsewhere.test"},
            {"user": "ann@acme.test", "private_key": _pem(ec.generate_private_key(ec.SECP256R1()))},
            {"user": "ann@acme.test", "private_key": "-----BEGIN nonsense"},
        ):
            async with connected(site, client_id=USER, **wrong) as salesforce:
                with pytest.raises(LoginRejected) as rejected:
                    await salesforce.check(None)
                assert "BEGIN" not in rejected.value.message


def test_an_assertion_ends_soon() -> None:
    key = rsa.generate_private_key(65537, 2048)
    credentials = Credentials(client_id="app", user="ann@acme.test", private_key=_pem(key))
    parts = assertion(credentials, 1_900_000_000).split(".")
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    assert claims == {"iss": "app", "sub": "ann@acme.test", "aud": "https://login.salesforce.com", "exp": "1900000180"}


def test_a_token_is_never_sent_in_the_clear() -> None:
    secure = access("https://acme.my.salesforce.com")
    plain, same = (TokenPayload(access_token="t", instance_url=url) for url in ("http://acme.test", "https://eu1.salesforce.com"))
    assert instance(secure, same) == "https://eu1.salesforce.com"
    assert instance(access("http://127.0.0.1:1"), plain) == "http://acme.test"
    with pytest.raises(Misconfigured, match="not https"):
        instance(secure, plain)


@pytest.mark.parametrize(
    "credentials",
    [
        {"client_id": "app"},
        {"client_id": "", "client_secret": "x"},
        {"client_id": "app", "private_key": "x"},
        {"client_id": "app", "client_secret": "x", "user": "ann@acme.test"},
        {"client_id": "app", "client_secret": "x", "password": "x"},
    ],
)
def test_credentials_that_cannot_sign_in_are_not_taken(credentials: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Credentials.model_validate(credentials)


def test_no_secret_shows_in_what_is_logged() -> None:
    shown = repr(Credentials(client_id="app", client_secret="canary", refresh_token="canary"))
    assert "canary" not in shown


async def test_an_address_that_is_not_salesforce_is_misconfigured(site: Site) -> None:
    for path, kind in (("/nowhere", Misconfigured), ("/_fake/state?x=", Misconfigured)):
        connector = SalesforceConnector(access(f"{site.url}{path}"))
        with pytest.raises(kind):
            await connector.check(None)
        await connector.aclose()


async def test_nobody_there_is_unavailable() -> None:
    own = {"client_id": USER, "client_secret": "x"}
    connector = SalesforceConnector(SystemAccess(name="acme", url="http://127.0.0.1:9", credentials=own))
    with pytest.raises(Unavailable):
        await connector.check(None)
    await connector.aclose()


async def test_an_outage_of_the_token_address_is_unavailable(site: Site) -> None:
    await site.control(down=True)
    async with connected(site) as salesforce:
        with pytest.raises(TwinlineError) as failed:
            await salesforce.check(None)
        assert type(failed.value) is Unavailable
