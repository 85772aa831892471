"""What two sides are known to agree on: per twin and side the base, per pair of children the trace."""

from collections.abc import Iterable

from pydantic import JsonValue

from model.frozen import Frozen
from model.item import Fields, Item
from model.mentions import unnamed
from model.text import tidy
from model.words import ChildKind, Side


class Agreed(Frozen):
    """One property of one side at last agreement: what the incoming rule `asked` for, and what the platform made of it (`got`)."""

    asked: JsonValue
    got: JsonValue


class Base(Frozen):
    """The last agreed state of one side of a twin.

    `item` is the side as it was when both were last in line: as read when its own change travelled, plus what we wrote since, never
    a read after a write. `replica` is what that state's outgoing rule sends; a fetch that yields the same has nothing new.
    `goes_on` where the item was created for a rule that is still to come to its end: the first sync is not over.
    """

    agreed: dict[str, Agreed] = {}
    item: Item | None = None
    replica: Fields = {}
    goes_on: bool = False


class Trace(Frozen):
    """A pair of children. `left` and `right` are their texts at last agreement (a file's name for attachments).

    `origin` is the side where a person made it, and `line` what the copy begins with that the original has not, which is the author's name.
    `released` pairs are left alone for good: a person removed the copy, or a rule
    wrote it and there is no original.
    """

    kind: ChildKind
    left_id: str
    right_id: str
    origin: Side
    left: str
    right: str
    released: bool = False
    line: str = ""

    def id_on(self, side: Side) -> str:
        return self.left_id if side is Side.LEFT else self.right_id

    def text_on(self, side: Side) -> str:
        return self.left if side is Side.LEFT else self.right

    @staticmethod
    def pair(kind: ChildKind, source: Side, source_id: str, target_id: str, source_text: str, target_text: str) -> "Trace":
        """A new pair whose original is on `source`."""
        line = _before(tidy(target_text), tidy(source_text))
        match source:
            case Side.LEFT:
                ids, texts = (source_id, target_id), (source_text, target_text)
            case Side.RIGHT:
                ids, texts = (target_id, source_id), (target_text, source_text)
        return Trace(kind=kind, left_id=ids[0], right_id=ids[1], origin=source, left=texts[0], right=texts[1], line=line)

    def with_texts(self, source: Side, source_text: str, target_text: str) -> "Trace":
        match source:
            case Side.LEFT:
                return self.model_copy(update={"left": source_text, "right": target_text})
            case Side.RIGHT:
                return self.model_copy(update={"left": target_text, "right": source_text})


def _before(copy: str, original: str) -> str:
    if copy.endswith(original):
        return copy.removesuffix(original)
    bare, rest = unnamed(copy), unnamed(original)
    line = bare.removesuffix(rest)
    return line if bare.endswith(rest) and copy.startswith(line) else ""


def counterparts(traces: Iterable[Trace], kind: ChildKind, side: Side) -> dict[str, str]:
    """The other side's id for each child of that kind on `side`."""
    return {trace.id_on(side): trace.id_on(side.other) for trace in traces if trace.kind is kind}
