"""Opens what the settings and the environment name: the store, and the client of Temporal."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from pydantic import SecretStr
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig, ClientConnectConfig

from activities.access import Systems
from activities.signals import Signals
from config.settings import Settings
from config.up_token import left
from model.errors import Misconfigured, Unavailable
from store import Act, Store
from store.cipher import MasterKey

DEFAULT_ADDRESS = "127.0.0.1:7233"
_OWN_CHOICE = ("TEMPORAL_ADDRESS", "TEMPORAL_CONFIG_FILE", "TEMPORAL_PROFILE")


def master_key(settings: Settings) -> MasterKey:
    """The key of the environment, else the one in the data folder, which is made at first use."""
    if settings.secret_key is not None:
        return MasterKey(settings.secret_key.get_secret_value())
    return MasterKey.load_or_create(settings.key_file)


async def open_store(settings: Settings) -> Store:
    return await Store.open(settings.database, master_key(settings))


def temporal_target(settings: Settings) -> ClientConnectConfig:
    """Where Temporal is, by Temporal's own environment configuration (`TEMPORAL_ADDRESS`, a TOML profile, ...).

    Where the environment chooses nothing, it is the server that `twinline up` runs over the same data folder, if there is one.
    Misconfigured if a profile cannot be read.
    """
    own = None
    if settings.temporal_profile.exists() and not any(os.environ.get(name) for name in _OWN_CHOICE):
        own = str(settings.temporal_profile)
    try:
        target = ClientConfig.load_client_connect_config(config_file=own)
    except (RuntimeError, ValueError) as error:
        raise Misconfigured(f"Temporal's configuration cannot be read: {error}; correct the profile or the TEMPORAL_* variables") from error
    target.setdefault("target_host", DEFAULT_ADDRESS)
    return target


async def open_temporal(settings: Settings, *, lazy: bool = False) -> Client:
    """A client with our data converter; a lazy one connects at first use. Unavailable if Temporal cannot be reached."""
    target = temporal_target(settings)
    try:
        return await Client.connect(**target, data_converter=pydantic_data_converter, lazy=lazy)
    except RuntimeError as error:
        address = target.get("target_host")
        raise Unavailable(f"Temporal cannot be reached at {address!r}; start the server or set TEMPORAL_ADDRESS") from error


@dataclass(frozen=True)
class Opened:
    """What operations work with. `temporal_ui` is the address of the Temporal UI, empty where nobody told it.

    `up_token` is what `twinline up` calls the API with, None where it does not run here.
    """

    store: Store
    client: Client
    signals: Signals
    systems: Systems
    temporal_ui: str
    stuck_after: timedelta
    up_token: SecretStr | None

    def used_by(self, act: Act) -> Self:
        """The same for one call of a person, which the store records with what it changes."""
        return replace(self, store=self.store.used_by(act))


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Opened]:
    """Everything that operations need. Temporal is connected to at first use, so that people can look while it is down."""
    client = await open_temporal(settings, lazy=True)
    store = await open_store(settings)
    systems = Systems(store)
    try:
        stuck_after, up_token = timedelta(minutes=settings.stuck_minutes), left(settings.up_token)
        yield Opened(store, client, Signals(client), systems, settings.temporal_ui, stuck_after, up_token)
    finally:
        await systems.aclose()
        await store.aclose()
