"""The cases in `cases/*.txt`: programs with what they come to, readable as the specification.

A section begins with `== title`. A program is one line `program => value`, or several lines and a line `=> value`. The value is canonical
text (see `play.shown`), `error` with a class of exception, or `refused` with a part of what the check says. `prints: "..."` may follow,
and `groovy: value` where Groovy's own answer is another, with the reason in the section's title.

`python -m tests.rules.chunks` puts Groovy's answers where a value is `?`.
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from tests.rules.groovy import Answer, Groovy, find_jars

FOLDER = Path(__file__).parent / "cases"
_ENDS = re.compile(r"^(?:(.*) )?=> (.+)$")


@dataclass(frozen=True)
class Chunk:
    file: str
    line: int
    title: str
    program: str
    expected: str
    prints: str
    groovy: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line} {self.title}"

    def agrees(self, answer: Answer, expected: str) -> bool:
        if expected.startswith("refused"):
            return answer.error == "compile" and expected.removeprefix("refused").strip() in answer.message
        if expected.startswith("error "):
            return answer.error == expected.split(" ", 1)[1] and answer.out == self.prints
        return answer.error is None and answer.value == expected and answer.out == self.prints


def read(path: Path) -> list[Chunk]:
    found: list[Chunk] = []
    title, program = "", list[str]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("== "):
            title = line[3:]
        elif line.startswith("prints: "):
            found[-1] = replace(found[-1], prints=json.loads(line[8:]))
        elif line.startswith("groovy: "):
            found[-1] = replace(found[-1], groovy=line[8:])
        elif ended := _ENDS.match(line):
            source = "\n".join([*program, *([ended[1]] if ended[1] else [])])
            found.append(Chunk(path.stem, number, title, source, ended[2], "", ""))
            program = []
        elif line or program:
            program.append(line)
    return found


def chunks() -> list[Chunk]:
    return [one for path in sorted(FOLDER.glob("*.txt")) for one in read(path)]


def canonical(answer: Answer) -> str:
    if answer.error == "compile":
        return "refused"
    return f"error {answer.error}" if answer.error else str(answer.value)


def fill(path: Path, groovy: Groovy) -> None:
    """Puts Groovy's answers where there is a `?`."""
    answers = {one.line: groovy.run(one.program) for one in read(path) if one.expected == "?"}
    lines: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        answer = answers.get(number)
        if answer is None:
            lines.append(line)
            continue
        lines.append(f"{line[:-1]}{canonical(answer)}")
        if answer.out:
            lines.append(f"prints: {json.dumps(answer.out)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    jars, reason = find_jars()
    if not jars:
        raise SystemExit(reason)
    groovy = Groovy(jars)
    for path in sorted(FOLDER.glob("*.txt")):
        fill(path, groovy)
    groovy.close()


if __name__ == "__main__":
    main()
