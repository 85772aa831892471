"""What a process is told by its environment."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.pacing import USUAL, Limits
from model.errors import BadInput

PREFIX = "TWINLINE_"


def _public_address(url: str) -> str:
    return _web_address(url) if url else ""


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is not a web address; write for instance http://127.0.0.1:8080")
    return url.rstrip("/")


class Settings(BaseSettings):
    """Every field is an environment variable with the prefix `TWINLINE_`.

    `data` is where one machine keeps its state. Without `secret_key` a key is made there at first use; without `database_url` the
    database is a SQLite file there. `api` is where the command line finds the API.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    data: Path = Field(default=Path("~/.local/share/twinline"), description="Folder of the state of one machine")
    database_url: SecretStr | None = Field(default=None, description="`sqlite:///file` or `postgresql://user:password@host/name`")
    secret_key: SecretStr | None = Field(default=None, description="Base64 of at least 32 random bytes; seals what is stored")
    api: Annotated[str, AfterValidator(_web_address)] = Field(default="http://127.0.0.1:8080", description="Address of the API")
    token: SecretStr | None = Field(default=None, description="Token that the command line calls the API with")
    public_url: Annotated[str, AfterValidator(_public_address)] = Field(
        default="", description="Address at which platforms reach /webhooks; webhooks are registered if it is set"
    )
    temporal_ui: Annotated[str, AfterValidator(_public_address)] = Field(
        default="", description="Address of the Temporal UI, for links to workflows"
    )
    stuck_minutes: int = Field(default=60, ge=1, description="After how many minutes in progress a change counts as stuck")
    keep_days: int = Field(default=90, ge=1, description="How many days transactions and what belongs to them are kept")
    keep_operations_days: int = Field(default=90, ge=1, description="How many days bulk operations that are over are kept")

    keep_audit_days: int = Field(default=400, ge=30, description="How many days entries of the audit log are kept")

    calls_per_minute: int = Field(default=USUAL.calls, ge=1, description="Calls of the API a minute that one token may make")
    wrong_tokens_per_minute: int = Field(default=USUAL.wrong_tokens, ge=1, description="Calls a minute without a good token, by address")
    webhooks_per_minute: int = Field(default=USUAL.webhooks, ge=1, description="Webhook calls a minute that one system may make")

    @property
    def limits(self) -> Limits:
        return Limits(calls=self.calls_per_minute, wrong_tokens=self.wrong_tokens_per_minute, webhooks=self.webhooks_per_minute)

    @property
    def home(self) -> Path:
        """The data folder as an absolute path."""
        return self.data.expanduser().absolute()

    @property
    def database(self) -> str:
        if self.database_url is None:
            return f"sqlite:///{self.home / 'twinline.db'}"
        return self.database_url.get_secret_value()

    @property
    def key_file(self) -> Path:
        return self.home / "secret.key"

    @property
    def temporal_profile(self) -> Path:
        """Where `twinline up` leaves word of the Temporal server that it runs."""
        return self.home / "temporal.toml"

    @property
    def up_token(self) -> Path:
        """Where `twinline up` leaves the token that it calls its own API with."""
        return self.home / "up.token"


def load_settings() -> Settings:
    """The settings of this process; BadInput that names the variable where one cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise BadInput(f"{PREFIX}{str(first['loc'][0]).upper()} cannot be used: {first['msg'].removeprefix('Value error, ')}") from None
