"""The judge: from both platforms' full histories and the deployment's records, which promise was broken. Shares nothing with the engine.

Each finding begins with the promise's number in docs/guarantees.md.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from model.words import ConflictPolicy, Side
from tests.simulation import children, choices, families
from tests.simulation.facts import Facts, Intended, Pair
from tests.simulation.replayed import Seen, ancestors, items_of, parents_of
from tests.simulation.truth import Entry

TEXTS = ("summary", "description")
MAPPED = (*TEXTS, "priority", "status")
PROMPT = 20.0
ROUNDED = 1e-4
DOWNLOAD = 5.0
LOOP = "written back and forth"
UNKNOWN_YET = 5.0
ANSWERED = 201
NEEDS_PEOPLE = ("shows no", "was deleted", "poison", LOOP, "may have been done or not")


def _told(one: Intended) -> str:
    """What a rule's call told the platform; empty for other writes."""
    return next((what.removeprefix("call ") for what in one.what if what.startswith("call ")), "")


def _needs_people(reason: str) -> bool:
    return any(one in reason for one in NEEDS_PEOPLE)


class Oracle:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.items = {side: items_of(truth) for side, truth in facts.truths.items()}
        self.unavoidable = 0

    def findings(self) -> list[str]:
        """Empty where every promise was kept."""
        checks = (
            self._sane,
            self._one_counterpart,
            self._under_sync,
            self._statuses,
            self._audit,
            self._calls,
            self._stopped,
            self._versions,
            self._secret,
        )
        found = [finding for check in checks for finding in check()]
        for pair in self.facts.pairs:
            found += self._pair(pair)
        return found

    # All of it

    def _sane(self) -> Iterator[str]:
        facts = self.facts
        yield from (f"L6: {complaint}" for complaint in facts.complaints)
        yield from (f"L6: parked though nobody is needed: {reason}" for reason in facts.parked if not _needs_people(reason))
        if not facts.quiet:
            yield f"L2: not quiet long after the last change: {facts.left[:4]}"
        elif facts.writes_after and not facts.hidden:
            yield f"S6: {facts.writes_after} writes after all was quiet"
        if facts.connection != "Active":
            yield f"L6: the connection ended as {facts.connection}"

    def _one_counterpart(self) -> Iterator[str]:
        made = Counter(
            entry.marker
            for side, truth in self.facts.truths.items()
            for entry in truth.entries
            if entry.kind == "create" and entry.ours and not self._deleted_unseen(side, entry)
        )
        for marker, count in made.items():
            if count > 1:
                yield f"S1: {count} items were created for twin {marker}"
        for side in Side:
            live = Counter(pair.items[side] for pair in self.facts.pairs if pair.live and side in pair.items)
            yield from (f"S1: item {item} is in {count} live twins" for item, count in live.items() if count > 1)
        if "sync" not in self.facts.operated and "relink" not in self.facts.operated:
            started = Counter((pair.origin, pair.items.get(pair.origin)) for pair in self.facts.pairs)
            yield from (f"S9: item {item} was taken under sync {count} times" for item, count in started.items() if count > 1)

    def _deleted_unseen(self, side: Side, made: Entry) -> bool:
        """Whether people deleted the item while it was in doubt that it was ever made: then it is made or asked for anew."""
        entries = self.facts.truths[side].entries
        deleted = next((one.at for one in entries if one.kind == "delete" and one.item == made.item), None)
        if deleted is None:
            return False
        if self.facts.profile.habits(side).create_key:
            return any(op == "create" and sent > deleted for sent, op, _ in self.facts.truths[side].requests)
        return any(one.kind == "create" and one.marker == made.marker and one.sent > deleted for one in entries)

    def _under_sync(self) -> Iterator[str]:
        """An item that was hidden while a trigger looked comes under sync with its next change, which it may never have."""
        paired = {(side, item) for pair in self.facts.pairs for side, item in pair.items.items()}
        for side, items in self.items.items():
            for item in items.values():
                excused = item.deleted or item.made_by_us or item.id in self.facts.hidden
                if not excused and (side, item.id) not in paired:
                    yield f"L1: item {item.id} never came under sync"

    def _statuses(self) -> Iterator[str]:
        asked = {"unlink", "force_unlink"} & self.facts.operated
        for pair in self.facts.pairs:
            gone = self._some_deleted(pair)
            match pair.status:
                case "syncing" | "held" | "conflict":
                    yield f"L6: twin {pair.twin} ended as {pair.status}: {pair.reason!r}"
                case "error" if not gone and LOOP not in pair.reason:
                    yield f"L6: twin {pair.twin} is parked without a cause that lasts: {pair.reason!r}"
                case "error" if not pair.reason:
                    yield f"L6: twin {pair.twin} is parked and does not say why"
                case "unlinked" if not gone and not asked:
                    yield f"S9: twin {pair.twin} was unlinked by itself: {pair.reason!r}"
                case "synchronized" if gone and self.facts.calm and all(self.facts.profile.habits(side).hooks for side in Side):
                    yield f"L6: twin {pair.twin} says it is synchronized, and an item of it was deleted"
                case _:
                    continue

    def _some_deleted(self, pair: Pair) -> bool:
        return any(self.items[side][item].deleted for side, item in pair.items.items() if item in self.items[side])

    def _audit(self) -> Iterator[str]:
        """The intent of an item that had to be made anew tells what it is made of by then."""
        intents = self.facts.intents
        markers = {one.op for one in intents}
        written: dict[Side, set[str]] = {side: set() for side in Side}
        for one in intents:
            written[one.target] |= one.what
        for side, truth in self.facts.truths.items():
            anew = {one.item for one in truth.entries if one.kind == "create" and one.ours and self._deleted_unseen(side, one)}
            for entry in truth.entries:
                if entry.ours and entry.item not in anew and not self._intended(entry, written[side], markers):
                    yield f"S12: {entry.kind} {entry.name} of {entry.item} on {side} was written without an intent"
        live = {pair.twin for pair in self.facts.pairs if pair.status == "synchronized"}
        for one in intents:
            if one.status == "open" and one.sends and one.twin in live:
                yield f"S12: the outcome of {sorted(one.what)} was never found out"

    @staticmethod
    def _intended(entry: Entry, written: set[str], markers: set[str]) -> bool:
        match entry.kind:
            case "create":
                return "create" in written
            case "field":
                return f"{entry.name}={(entry.new or '').strip()}" in written
            case "comment" | "work":
                return entry.marker in markers
            case "file":
                return not entry.marker or entry.marker in markers
            case "comment_edit" | "work_edit":
                return f"{entry.kind} {entry.name}" in written
            case "comment_delete":
                return f"delete_comment {entry.name}" in written
            case "work_delete":
                return f"delete_work_log {entry.name}" in written
            case "file_delete":
                return f"delete_attachment {entry.name}" in written
            case _:
                return False

    def _calls(self) -> Iterator[str]:
        """A rule's call is made once for a change; more often only where many are as good as one."""
        for side, truth in self.facts.truths.items():
            made = Counter(truth.tally)
            intended = Counter(_told(one) for one in self.facts.intents if one.target is side and one.sends)
            answered = Counter(_told(one) for one in self.facts.intents if one.target is side and one.code == ANSWERED)
            for told, count in made.items():
                if not intended[told] or (count > intended[told] and self.facts.profile.calls == "POST"):
                    yield f"S12: a rule's call with {told!r} came to {side} {count} times, and was to be made {intended[told]} times"
            yield from (
                f"S2: a rule's call with {told!r} never came to {side}" for told, count in answered.items() if told and made[told] < count
            )

    def _stopped(self) -> Iterator[str]:
        if self.facts.frozen:
            return
        for side, truth in self.facts.truths.items():
            for sent, op, item in truth.requests:
                under_way = DOWNLOAD if op == "upload" else 0.0
                if self._closed(sent, under_way):
                    yield f"S8: {op} of {item} on {side} was sent at {sent:.2f}, after deactivation was confirmed"
                    return
                if self._let_go(side, item, sent - under_way):
                    yield f"S8: {op} of {item} on {side} was sent at {sent:.2f}, after its twin was ended"
                    return

    def _closed(self, at: float, under_way: float) -> bool:
        """Deactivated and confirmed, with no activation begun since."""
        opened = max((begun for begun, _, active in self.facts.gates if active and begun <= at), default=-1.0)
        return any(begun > opened and confirmed < at - under_way for begun, confirmed, active in self.facts.gates if not active)

    def _let_go(self, side: Side, item: str, at: float) -> bool:
        twins = [pair for pair in self.facts.pairs if pair.items.get(side) == item]
        ended = {twin for moment, twin in self.facts.unlinked if moment < at}
        return bool(twins) and all(pair.twin in ended for pair in twins)

    def _versions(self) -> Iterator[str]:
        for truth in self.facts.truths.values():
            for entry in truth.entries:
                if entry.ours and entry.kind == "field" and entry.name == "stamp":
                    sent, _, received = (entry.new or "").partition("/")
                    if sent != received:
                        yield f"S11: one transaction ran with {sent} and {received}"

    def _secret(self) -> Iterator[str]:
        for side, truth in self.facts.truths.items():
            for entry in truth.entries:
                text = entry.new or ""
                if entry.ours and "canary" in text:
                    yield f"S13: {text!r} crossed to {side}, which no rule selects"
                if entry.ours and "hush" in text and (not entry.internal or not self.facts.profile.sends_internal):
                    yield f"S13: the internal comment {text!r} came to {side}{'' if entry.internal else ' as a public one'}"

    # One pair

    def _pair(self, pair: Pair) -> Iterator[str]:
        if len(pair.items) < len(Side) or pair.status != "synchronized" or self._some_deleted(pair):
            return
        seen = {side: self.items[side][item] for side, item in pair.items.items()}
        yield from self._equal(pair, seen)
        if self._was_ended(pair):
            return
        if self.facts.profile.parents:
            yield from families.findings(pair, seen, self.facts.pairs, self._untold())
        entries = {side: [one for one in self.facts.truths[side].entries if one.item == item] for side, item in pair.items.items()}
        for name in TEXTS:
            yield from self._nothing_lost(pair, entries, name)
            yield from self._in_order(pair, entries, name)
        if not self.facts.profile.stores:
            yield from self._choices_recorded_first(pair, entries)
        if self.facts.calm:
            yield from self._few_writes(pair, entries)
            yield from self._prompt(pair, entries)
        conflicted = {one.subject for one in self.facts.conflicts if one.twin == pair.twin}
        yield from children.findings(self.facts.profile, seen[Side.LEFT], seen[Side.RIGHT], conflicted)

    def _untold(self) -> set[str]:
        deleted = {item.id for items in self.items.values() for item in items.values() if item.deleted}
        return deleted | self.facts.hidden

    def _was_ended(self, pair: Pair) -> bool:
        return any(other is not pair and set(other.items.values()) & set(pair.items.values()) for other in self.facts.pairs)

    def _equal(self, pair: Pair, seen: dict[Side, Seen]) -> Iterator[str]:
        left, right = seen[Side.LEFT].fields, seen[Side.RIGHT].fields
        default = {"priority": "Medium", "status": "Open"}
        for name in MAPPED:
            values = [fields.get(name, default.get(name, "")).strip() for fields in (left, right)]
            if values[0] != values[1]:
                yield f"S2: {name} of twin {pair.twin} is {values[0]!r} on the left and {values[1]!r} on the right"

    def _nothing_lost(self, pair: Pair, entries: dict[Side, list[Entry]], name: str) -> Iterator[str]:
        parents = {value: parent for side in Side for value, parent in parents_of(entries[side], name).items()}
        final = next((one.new or "" for one in reversed(entries[Side.LEFT]) if one.kind == "field" and one.name == name), "").strip()
        recorded = [one for one in self.facts.conflicts if one.twin == pair.twin and one.subject == name]
        logged = {value for one in recorded for value in one.values}
        kept = {final, *ancestors(final, parents), *logged, *(value for one in logged for value in ancestors(one, parents))}
        blind = self._blind(entries, name)
        kept |= blind | {value for one in blind for value in ancestors(one, parents)}
        for value in parents:
            if value.strip() and value not in kept:
                yield f"S2: {name} {value!r} of twin {pair.twin} is nowhere: not in the end ({final!r}), nor seen, nor on record"
            decided = self.facts.profile.policy is ConflictPolicy.HOLD and {final, value} <= logged
            if final and final in ancestors(value, parents) and self._decidable() and not decided:
                yield f"S3: {name} of twin {pair.twin} ended as {final!r}, which a person had replaced by {value!r}"
        yield from self._recorded_first(pair, entries, name, parents, logged)

    def _decidable(self) -> bool:
        """Without a change history nobody can tell which of a write in doubt and an edit came first."""
        return all(self.facts.profile.habits(side).change_history or self.facts.profile.habits(side).guards for side in Side)

    def _blind(self, entries: dict[Side, list[Entry]], name: str) -> set[str]:
        """Values that a write of ours hit unseen, on a platform that neither compares and sets nor keeps a history."""
        found: set[str] = set()
        for side in Side:
            habits = self.facts.profile.habits(side)
            if not habits.guards and not habits.change_history:
                mine = [one for one in entries[side] if one.ours and one.kind == "field" and one.name == name]
                found |= {one.old.strip() for one in mine if one.old and self._unseen(one)}
        self.unavoidable += len(found)
        return found

    def _unseen(self, one: Entry) -> bool:
        """Whether the write could not know what it replaced: we had not read it, or a process that was frozen woke up to send it."""
        return one.seen != one.old or self.facts.frozen

    def _recorded_first(
        self, pair: Pair, entries: dict[Side, list[Entry]], name: str, parents: dict[str, str | None], logged: set[str]
    ) -> Iterator[str]:
        for side in Side:
            habits = self.facts.profile.habits(side)
            for one in entries[side]:
                if not (one.ours and one.kind == "field" and one.name == name and one.old):
                    continue
                old, new = one.old.strip(), (one.new or "").strip()
                if old == new or old not in parents or old in ancestors(new, parents):
                    continue
                unseen = self._unseen(one)
                if unseen and not habits.guards and (not habits.change_history or old in logged):
                    continue
                if unseen and self._given_back_in_turn(entries[side], one):
                    continue
                if not any(rec.at <= one.sent + ROUNDED and old in rec.values for rec in self.facts.conflicts if rec.twin == pair.twin):
                    yield f"S4: {name} {old!r} on {side} was overwritten by {new!r} at {one.at:.2f} without being recorded first"

    def _choices_recorded_first(self, pair: Pair, entries: dict[Side, list[Entry]]) -> Iterator[str]:
        """Where a rule goes on after it made the item, nobody can tell what the item had of itself from what people changed meanwhile."""
        recorded = [one for one in self.facts.conflicts if one.twin == pair.twin]
        forgetful = {side for side in Side if not self.facts.profile.habits(side).change_history}
        for name in choices.CHOICES:
            for side, one in choices.silently_overwritten(entries, name, recorded, forgetful):
                if not self._unseen(one) and not self._given_back_in_turn(entries[side], one):
                    yield f"S4: {name} {one.old!r} on {side} was overwritten by {one.new!r} at {one.at:.2f} without being recorded first"

    @staticmethod
    def _given_back_in_turn(entries: list[Entry], one: Entry) -> bool:
        """Whether the write gave back a value of a person's here, hit a newer one of theirs unseen, and that was given back as well."""
        of_people = any(two.new == one.new and not two.ours and two.name == one.name and two.at < one.at for two in entries)
        return of_people and any(two.ours and two.name == one.name and two.new == one.old and two.at > one.at for two in entries)

    def _in_order(self, pair: Pair, entries: dict[Side, list[Entry]], name: str) -> Iterator[str]:
        for side in Side:
            source = [(one.new or "").strip() for one in entries[side.other] if one.kind == "field" and one.name == name]
            hit = {(one.old or "").strip() for one in entries[side] if one.ours and one.name == name and one.old and self._unseen(one)}
            at = 0
            for one in entries[side]:
                if not (one.ours and one.kind == "field" and one.name == name):
                    continue
                value = (one.new or "").strip()
                if not value or value in hit:
                    continue
                if value not in source[at:]:
                    yield f"S7: {name} {value!r} came to {side} of twin {pair.twin} after what followed it"
                    return
                at = source.index(value, at)

    def _few_writes(self, pair: Pair, entries: dict[Side, list[Entry]]) -> Iterator[str]:
        both = [one for side in Side for one in entries[side] if one.kind == "field" and one.name in MAPPED]
        for name in MAPPED:
            ours = sum(1 for one in both if one.name == name and one.ours) - self._passed(entries, name)
            theirs = sum(1 for one in both if one.name == name and not one.ours)
            given_back = 2 * sum(1 for one in both if one.name == name and one.ours and one.old and one.seen != one.old)
            if ours > theirs + 1 + given_back:
                yield f"S6: {name} of twin {pair.twin} was written {ours} times for {theirs} edits"

    def _passed(self, entries: dict[Side, list[Entry]], name: str) -> int:
        """How many of our writes only led to the next, where a platform goes stepwise."""
        if name != "status":
            return 0
        told = [
            [one for one in entries[side] if one.kind == "field" and one.name == name]
            for side in Side
            if self.facts.profile.habits(side).stepwise
        ]
        return sum(1 for one in told for first, then in pairwise(one) if first.ours and then.ours and first.new == then.old == "Doing")

    def _prompt(self, pair: Pair, entries: dict[Side, list[Entry]]) -> Iterator[str]:
        """Counted from when the pair was last touched: an edit of the other item makes a plan stale, and the next begins from the start."""
        disputed = any(one.twin == pair.twin for one in self.facts.conflicts)
        if disputed or not all(self.facts.profile.habits(side).hooks for side in Side):
            return
        begun = max((one.at for side in Side for one in entries[side] if one.kind == "create"), default=0.0)
        for name in TEXTS:
            for side in Side:
                settled = begun + (0.0 if self.facts.profile.habits(side).shows_marker else UNKNOWN_YET)
                mine = [one for one in entries[side] if one.kind == "field" and one.name == name and not one.ours and one.at > settled]
                for one, following in pairwise([*mine, None]):
                    copies = [two.at for two in entries[side.other] if two.ours and two.name == name and two.new == one.new] if one else []
                    if not one or following or not copies:
                        continue
                    came = min(copies)
                    touched = max((two.at for side in Side for two in entries[side] if not two.ours and two.at < came), default=came)
                    if came > touched + PROMPT:
                        yield f"L1: {name} {one.new!r} took {came - touched:.0f} s to the other side with every webhook delivered"
