"""The commands that run until they are stopped, as processes."""

import asyncio
import json
import os
import signal
import socket
import ssl
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import cli.up
from cli.applying import make_match, read
from cli.client import Api
from cli.demo.stage import passing_settings
from connectors.kit.http import exchange
from model.errors import BadInput, Unavailable
from model.members import Member
from operations.views import MemberAdded
from tests.cli.desk import TOKEN

ROOT = Path(__file__).parents[2]
PATIENCE = 60

pytestmark = pytest.mark.usefixtures("database")


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "ACME_TOKEN": TOKEN, **more}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@asynccontextmanager
async def _started(*arguments: str, **more: str) -> AsyncGenerator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "cli.main", *arguments, env=_environment(**more), stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()


async def _said(process: Process, text: str) -> str:
    """Read what it prints until a line has `text`; that line."""
    assert process.stdout
    async with asyncio.timeout(PATIENCE):
        async for line in process.stdout:
            if text in line.decode():
                return line.decode()
    assert process.stderr
    raise AssertionError((await process.stderr.read()).decode())


async def _run(*arguments: str, **more: str) -> tuple[int | None, str, str]:
    async with _started(*arguments, **more) as process:
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()


def _exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@dataclass
class Machine:
    """One machine's folder and ports."""

    data: Path
    api: int = field(default_factory=_free_port)
    temporal: int = field(default_factory=_free_port)
    ui: int = field(default_factory=_free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api}"

    def up(self, *more: str) -> tuple[str, ...]:
        ports = ("--api-port", str(self.api), "--temporal-port", str(self.temporal), "--ui-port", str(self.ui))
        return ("up", "--data", str(self.data), *ports, *more)

    def pids(self) -> dict[str, int]:
        return json.loads((self.data / "parts.json").read_text())

    async def replaced(self, before: dict[str, int]) -> None:
        """Wait until worker and Temporal server are other processes, and everything is ready."""
        while True:
            now = self.pids()
            if now["worker"] != before["worker"] and now["temporal"] != before["temporal"] and await self.ready():
                return
            await asyncio.sleep(0.05)

    async def ready(self) -> bool:
        try:
            return (await exchange("GET", f"{self.url}/readyz")).status == 200
        except Unavailable:
            return False


async def test_up_survives_kills_and_a_restart(tmp_path: Path, file: Path):
    machine = Machine(tmp_path / "machine")
    async with _started(*machine.up("--config", str(file))) as running:
        await _said(running, "Twinline runs")
        before = machine.pids()
        for name in ("worker", "temporal"):
            os.kill(before[name], signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            await machine.replaced(before)
        second = await _run(*machine.up())
        running.send_signal(signal.SIGINT)
        await running.communicate()

    assert running.returncode == 0
    assert second[0] == 1
    assert second[2].startswith(f"Twinline already runs over {machine.data}")
    assert not any(_exists(pid) for pid in before.values())
    async with _started(*machine.up()) as running:
        await _said(running, "Twinline runs")
        _, listed, _ = await _run("connection", "list", "--json", TWINLINE_API=machine.url)

    assert [(one["id"], one["status"]) for one in json.loads(listed)] == [("app-bugs", "Active")]


async def test_the_demo_leaves_the_database_of_the_environment_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TWINLINE_DATABASE_URL", f"sqlite:///{tmp_path}/ours.db")
    ports = cli.up.Ports(_free_port(), _free_port(), _free_port())
    with passing_settings() as chosen:
        async with cli.up.running(chosen, ports, asyncio.Event()):
            assert (chosen.home / "twinline.db").exists()

    assert not (tmp_path / "ours.db").exists()


async def test_up_and_the_demo_go_on_once_there_are_members(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ACME_TOKEN", TOKEN)
    ports = cli.up.Ports(_free_port(), _free_port(), _free_port())
    with passing_settings() as chosen:
        async with cli.up.running(chosen, ports, asyncio.Event()) as own:
            await make_match(own, read(file))
            added = await own.post(MemberAdded, "/members", {"name": "ada@acme.test", "role": "owner"})
            members = await own.get(tuple[Member, ...], "/members")
            with pytest.raises(BadInput, match="a token is needed"):
                await Api(cli.up.address(ports)).get(tuple[Member, ...], "/members")
            mode = chosen.up_token.stat().st_mode & 0o777
        assert not chosen.up_token.exists()

    assert (members, mode) == ((added.member,), 0o600)


def _broken(folder: Path) -> Path:
    file = folder / "acme.yaml"
    file.write_text("workspace: [acme\nsystems: {}\n")
    return file


async def test_up_starts_nothing_with_a_broken_file_or_a_taken_port(tmp_path: Path):
    machine = Machine(tmp_path / "machine")
    file = _broken(tmp_path)
    broken = await _run(*machine.up("--config", str(file)))
    with socket.create_server(("127.0.0.1", machine.ui)):
        taken = await _run(*machine.up())

    assert (broken[0], taken[0]) == (1, 1)
    assert "acme.yaml line 2 column 8: this is not YAML" in broken[2]
    assert f"port {machine.ui}" in taken[2]
    assert "choose another with --ui-port" in taken[2]
    assert not (machine.data / "temporal.db").exists()


async def test_a_fake_says_where_it_is_and_whom_it_lets_in(tmp_path: Path):
    seed = tmp_path / "seed.json"
    seed.write_text('{"repositories": [{"name": "acme/seeded"}]}')
    async with _started("fake", "github", "--port", "0", "--seed", str(seed), "--user", "acme-bot", "--secret", TOKEN) as running:
        url = (await _said(running, "http://")).split()[-1]
        account = await _said(running, "account")
        state = (await exchange("GET", f"{url}/_fake/state")).body
        running.send_signal(signal.SIGTERM)
        await running.communicate()

    assert running.returncode == 0
    assert account == f"account for Twinline: user acme-bot, secret {TOKEN}\n"
    assert b'"name":"seeded"' in state


async def test_a_fake_answers_by_https_with_the_certificate_it_is_given(tmp_path: Path):
    certificate, key = _certificate(tmp_path)
    async with _started("fake", "github", "--port", "0", "--certificate", str(certificate), "--key", str(key)) as running:
        port = int((await _said(running, "https://")).rpartition(":")[2])
        trusting = ssl.create_default_context(cafile=certificate)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname="127.0.0.1")
        call = f"GET /repos/acme/sync HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: acme\r\nAuthorization: Bearer acme-token\r\n\r\n"
        writer.write(call.encode())
        answer = (await reader.read()).decode()
        writer.close()

    assert answer.startswith("HTTP/1.1 200")
    assert f'"url": "https://127.0.0.1:{port}/repos/acme/sync"' in answer


def _certificate(folder: Path) -> tuple[Path, Path]:
    """One of this machine's address, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([]), datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    signed = builder.add_extension(address, critical=True).sign(key, SHA256())
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(signed.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("jirra",), "unknown system kind 'jirra'; known kinds: "),
        (("jira", "--seed", "nothing.json"), "the seed nothing.json cannot be read"),
        (("jira", "--certificate", "no.pem", "--key", "no.pem"), "no.pem with the key no.pem is no usable certificate"),
    ],
)
async def test_a_fake_that_cannot_start_says_why(arguments: tuple[str, ...], message: str):
    code, _, err = await _run("fake", *arguments, "--port", "0")

    assert code == 1
    assert err.startswith(message)


async def test_a_worker_without_temporal_says_so(tmp_path: Path):
    code, _, err = await _run("worker", TWINLINE_DATA=str(tmp_path), TEMPORAL_ADDRESS="127.0.0.1:1")

    assert code == 1
    assert err.startswith("Temporal cannot be reached at '127.0.0.1:1'; start the server or set TEMPORAL_ADDRESS")
