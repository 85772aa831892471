from pathlib import Path

import pytest
from pydantic import SecretStr

from config.opening import master_key, temporal_target
from config.settings import Settings, load_settings
from model.errors import BadInput, Misconfigured

KEY = "q0Zr8cV1yNw5pXk3sT7uJ2mB9hLd4fGa6eRiOoPzQxY="


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "TWINLINE_DATA",
        "TWINLINE_API",
        "TWINLINE_DATABASE_URL",
        "TWINLINE_SECRET_KEY",
        "TWINLINE_KEEP_DAYS",
        "TWINLINE_PUBLIC_URL",
        "TEMPORAL_ADDRESS",
        "TEMPORAL_CONFIG_FILE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nothing"))
    monkeypatch.setenv("HOME", str(tmp_path))


def test_without_anything_set_all_is_on_this_machine(tmp_path: Path):
    settings = load_settings()

    assert settings.api == "http://127.0.0.1:8080"
    assert settings.database == f"sqlite:///{tmp_path}/.local/share/twinline/twinline.db"


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TWINLINE_DATA", "/srv/twinline")
    monkeypatch.setenv("TWINLINE_API", "https://twinline.acme.test/")
    monkeypatch.setenv("TWINLINE_DATABASE_URL", "postgresql://bot:password-4711@db/twinline")
    settings = load_settings()

    assert settings.home == Path("/srv/twinline")
    assert settings.api == "https://twinline.acme.test"
    assert settings.database == "postgresql://bot:password-4711@db/twinline"
    assert "4711" not in repr(settings)


def test_an_unusable_value_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TWINLINE_API", "somewhere")

    with pytest.raises(BadInput, match="TWINLINE_API cannot be used: 'somewhere' is not a web address"):
        load_settings()


def test_the_public_address_is_a_web_address_or_none(monkeypatch: pytest.MonkeyPatch):
    assert load_settings().public_url == ""
    monkeypatch.setenv("TWINLINE_PUBLIC_URL", "https://twinline.acme.test/")
    assert load_settings().public_url == "https://twinline.acme.test"
    monkeypatch.setenv("TWINLINE_PUBLIC_URL", "twinline.acme.test")
    with pytest.raises(BadInput, match="TWINLINE_PUBLIC_URL cannot be used"):
        load_settings()


def test_records_are_kept_for_a_day_at_the_least(monkeypatch: pytest.MonkeyPatch):
    assert load_settings().keep_days == 90
    monkeypatch.setenv("TWINLINE_KEEP_DAYS", "1")
    assert load_settings().keep_days == 1
    monkeypatch.setenv("TWINLINE_KEEP_DAYS", "0")
    with pytest.raises(BadInput, match="TWINLINE_KEEP_DAYS cannot be used"):
        load_settings()


def test_the_key_of_the_environment_comes_before_the_file(tmp_path: Path):
    made = master_key(Settings(data=tmp_path))

    assert master_key(Settings(data=tmp_path)).id == made.id
    assert master_key(Settings(data=tmp_path, secret_key=SecretStr(KEY))).id != made.id
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_temporal_is_the_one_of_the_data_folder_unless_the_environment_names_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = Settings(data=tmp_path)
    assert temporal_target(settings).get("target_host") == "127.0.0.1:7233"

    settings.temporal_profile.write_text('[profile.default]\naddress = "127.0.0.1:7999"\n')
    assert temporal_target(settings).get("target_host") == "127.0.0.1:7999"

    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.acme.test:7233")
    assert temporal_target(settings).get("target_host") == "temporal.acme.test:7233"


def test_a_profile_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    profile = tmp_path / "profile.toml"
    profile.write_text("[profile.default\n")
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(profile))

    with pytest.raises(Misconfigured, match="Temporal's configuration cannot be read"):
        temporal_target(Settings(data=tmp_path))
