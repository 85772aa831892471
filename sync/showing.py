"""Files before the texts that show them, and texts once more where their platform has to know the file when a text is written."""

from collections.abc import Mapping

from model.agreement import Agreed
from model.item import Fields, Item
from model.pictures import names_in
from model.plan import AddAttachment, AddComment, CreateItem, DeleteAttachment, EditComment, Step, UpdateItem
from sync.canonical import same


def files_first(steps: tuple[Step, ...], target: Item | None) -> tuple[Step, ...]:
    """The steps, of which those that add a file, or one in its place, come before the texts that show it."""
    shown = frozenset(name for step in steps for text in _texts(step) for name in names_in(text))
    moved = _of_files(steps, target, shown)
    creation = [place for place, step in enumerate(steps) if isinstance(step, CreateItem)]
    rest = [place for place in range(len(steps)) if place not in {*moved, *creation}]
    return tuple(steps[place] for place in (*creation, *moved, *rest))


def shown_again(steps: tuple[Step, ...], target: Item | None, agreed: Mapping[str, Agreed]) -> tuple[Step, ...]:
    """The steps with one more write of the texts that showed, when they were written, a file that only now is added, right behind it.

    These are the texts of an item that is created, and those that we wrote to it earlier, are `agreed`, and stand there untouched.
    """
    removed = {step.attachment_id for step in steps if isinstance(step, DeleteAttachment)}
    there = {file.filename for file in target.attachments if file.id not in removed} if target else set[str]()
    new = frozenset(step.source.filename for step in steps if isinstance(step, AddAttachment)) - there
    waiting = {name: text for name, text in _written_before(steps, target, agreed).items() if new & names_in(text)}
    if not waiting:
        return steps
    shown = frozenset(name for text in waiting.values() for name in names_in(text))
    last = max(_of_files(steps, target, shown)) + 1
    return (*steps[:last], UpdateItem(fields=Fields(waiting), shows=True), *steps[last:])


def _of_files(steps: tuple[Step, ...], target: Item | None, shown: frozenset[str]) -> list[int]:
    """The places of the steps that add files of the names `shown`, or take away those that had such a name before."""
    added = {step.source.filename for step in steps if isinstance(step, AddAttachment)} & shown
    replaced = {file.id for file in target.attachments if file.filename in added} if target else set[str]()
    return [
        place
        for place, step in enumerate(steps)
        if (isinstance(step, AddAttachment) and step.source.filename in added)
        or (isinstance(step, DeleteAttachment) and step.attachment_id in replaced)
    ]


def _written_before(steps: tuple[Step, ...], target: Item | None, agreed: Mapping[str, Agreed]) -> dict[str, str]:
    """The texts that are on the target before the steps add any file."""
    if target is None:
        return {
            name: value for step in steps if isinstance(step, CreateItem) for name, value in step.fields.items() if isinstance(value, str)
        }
    changed = {name for step in steps if isinstance(step, UpdateItem) for name in step.fields}
    ours = {name: known.asked for name, known in agreed.items() if name not in changed and same(known.got, target.fields.get(name))}
    return {name: text for name, text in ours.items() if isinstance(text, str)}


def _texts(step: Step) -> tuple[str, ...]:
    match step:
        case CreateItem() | UpdateItem():
            return tuple(value for value in step.fields.values() if isinstance(value, str))
        case AddComment() | EditComment():
            return (step.body,)
        case _:
            return ()
