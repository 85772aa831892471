"""Ways to break the engine, one at a time, each a replacement of one passage."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """`redundant` argues for one that survives by right: what else keeps the promise."""

    name: str
    path: str
    old: str
    new: str
    redundant: str = ""


def _wf(name: str, old: str, new: str, redundant: str = "") -> Mutant:
    return Mutant(name, "workflows/twin.py", old, new, redundant)


MUTANTS = (
    # Children
    Mutant(
        "our own copies of comments count as new comments",
        "sync/children.py",
        "if trace is None and child_id not in marked:",
        "if trace is None:",
    ),
    Mutant(
        "an internal comment is published",
        "sync/children.py",
        "internal = wish.internal or wish.source_id in internal_sources",
        "internal = False",
    ),
    Mutant("the author's line is not taken off an edited copy", "sync/children.py", ".removeprefix(trace.line)", ""),
    Mutant(
        "a removed comment stays on the other side",
        "sync/children.py",
        "steps.append(DeleteComment(source_id=source_id, comment_id=comment.id))",
        "pass",
    ),
    Mutant(
        "files of one name are taken for one file",
        "activities/effects.py",
        "step.kind, step.source.id)",
        "step.kind, step.source.filename)",
    ),
    Mutant(
        "a file that is gone from the source parks the twin",
        "activities/sending.py",
        "                raise Stale(gone.message) from gone\n            return await self._target.connector.upload",
        "                raise\n            return await self._target.connector.upload",
    ),
    Mutant("a file that came short counts as whole", "activities/sending.py", "if file.size and sent != file.size:", "if False:"),
    # Merge
    Mutant(
        "last writer wins, without a base",
        "sync/merge.py",
        "return Verdict.WRITE if same(ours, got) else Verdict.CONFLICT",
        "return Verdict.WRITE",
    ),
    Mutant(
        "merge arms swapped: write where it conflicts",
        "sync/merge.py",
        "return Verdict.WRITE if same(ours, got) else Verdict.CONFLICT",
        "return Verdict.CONFLICT if same(ours, got) else Verdict.WRITE",
    ),
    Mutant("merge arms swapped: what the source left alone is written", "sync/merge.py", "return Verdict.KEEP\n", "return Verdict.WRITE\n"),
    Mutant("a conflict is not put on record", "sync/merge.py", "                conflicts.append(conflict)\n", ""),
    Mutant(
        "the loser of a conflict wins",
        "sync/merge.py",
        "return self.source if self.source_updated > self.target_updated else self.source.other",
        "return self.source.other if self.source_updated > self.target_updated else self.source",
    ),
    Mutant(
        "conflicts are recorded only after the write",
        "activities/apply.py",
        "        await engine.store.conflicts.record(twin.id, plan.transaction, overwritten(plan.plan, (step,)))\n",
        "",
    ),
    # Base
    Mutant(
        "the base comes from a read after the write",
        "activities/sending.py",
        "                return _written(await connector.update(item_id, step.fields, version))",
        "                await connector.update(item_id, step.fields, version)\n                now = await connector.read(item_id)\n                return Acknowledgement(id=item_id, item_id=item_id, version=now.version, fields={n: now.fields.get(n) for n in step.fields})",
    ),
    Mutant("a half-done plan counts as done", "activities/settling.py", "acknowledged, complete=False)", "acknowledged, complete=True)"),
    Mutant(
        "a found item's present values are its base",
        "activities/sending.py",
        "return Acknowledgement(id=ref.id, item_id=ref.id, key=ref.key, url=ref.url, item=item)",
        "return Acknowledgement(id=ref.id, item_id=ref.id, key=ref.key, url=ref.url, item=item, fields=item.fields)",
    ),
    Mutant(
        "a repeated create's answer is its base",
        "activities/effects.py",
        "if intent.sends > 0 and isinstance(step, CreateItem):\n            done",
        "if False:\n            done",
    ),
    Mutant(
        "the echo of our own write is taken for an edit",
        "activities/settling.py",
        "expected = await _expected(engine, target, item, before.replica)\n        wished = await _wished(engine, source, stored, state, expected)\n        edited",
        "expected = before.replica\n        wished = await _wished(engine, source, stored, state, expected)\n        edited",
    ),
    # Effect protocol
    Mutant(
        "writes are acknowledged before they are sent",
        "activities/effects.py",
        "        try:\n            done = await self._sender.send(step, item_id, op, version)",
        "        await self._journal.acknowledge(op, Acknowledgement(id=item_id, item_id=item_id))\n        try:\n            done = await self._sender.send(step, item_id, op, version)",
    ),
    Mutant(
        "an attempt is not journalled before it is sent",
        "activities/effects.py",
        "if intent.sends > 0 and not self._repeats(step):",
        "if False and not self._repeats(step):",
    ),
    Mutant(
        "no look-up before a create is repeated",
        "activities/effects.py",
        "return self._sender.adopted(item) if item else self._absent(intent, indexed=True)",
        "return self._absent(intent, indexed=True)",
    ),
    Mutant(
        "no look-up before a comment is repeated",
        "activities/effects.py",
        "return done or self._absent(intent, indexed=False)\n            case EditComment",
        "return None\n            case EditComment",
    ),
    Mutant("no horizon before a write is repeated", "activities/effects.py", "if left > timedelta():", "if left > timedelta(days=1):"),
    Mutant(
        "the horizon runs from the intent",
        "activities/effects.py",
        "return intent.recovering_since or intent.created",
        "return intent.created",
    ),
    Mutant(
        "the horizon leaves out late writes",
        "activities/effects.py",
        "return timedelta(seconds=system.late_write_seconds + (lag if indexed else 0.0))",
        "return timedelta(seconds=lag if indexed else 0.0)",
    ),
    Mutant(
        "a write in doubt is not asked of the change history",
        "activities/history.py",
        "    return all(_ours(changes, name, value) is not None for name, value in pending_values((step,)).items())",
        "    return False and bool(changes)",
    ),
    Mutant(
        "no compare-and-set",
        "activities/effects.py",
        "done = await self._sender.send(step, item_id, op, version)",
        'done = await self._sender.send(step, item_id, op, "")',
    ),
    Mutant(
        "what a write of ours hit unseen is not looked for", "activities/overwriting.py", "    if not hit:\n", "    if hit or not hit:\n"
    ),
    Mutant(
        "a value that was hit unseen is not given back",
        "activities/overwriting.py",
        "        if conflict.winner is not stored.source:\n",
        "        if False:\n",
    ),
    Mutant(
        "nothing is recovered before a new plan is made",
        "activities/recovery.py",
        "for number, group in groupby(await engine.store.journal.unsettled(twin.id, side), ",
        "for number, group in groupby((), ",
    ),
    Mutant(
        "a rejected write is forgotten by recovery",
        "activities/recovery.py",
        "    if done:\n        await engine.store.transactions.queue(twin.id, stored.source)\n",
        "",
    ),
    Mutant(
        "a source with nothing new does not look at writes in doubt",
        "activities/fetch.py",
        "not request.force and not behind and is_echo",
        "not request.force and is_echo",
    ),
    Mutant(
        "a plan is carried out on an item that moved",
        "activities/apply.py",
        "    if ref and engine.now() - plan.created > FRESH:\n",
        "    if ref and False:\n",
    ),
    # Fences
    Mutant(
        "an attempt that was overtaken goes on writing",
        "store/fencing.py",
        "    if status is not IntentStatus.OPEN or sends != seen:\n",
        "    if False:\n",
    ),
    Mutant(
        "what was worked out from an old state is stored",
        "store/fencing.py",
        "    if settlement.revision != revision:\n",
        "    if False:\n",
    ),
    Mutant(
        "a repeated settlement is stored again",
        "store/fencing.py",
        "    if settlement.stage is not None and stage in SETTLED:\n        return True\n",
        "",
    ),
    Mutant("an unlinked twin is still written", "store/fencing.py", "    if twin is TwinStatus.UNLINKED:\n", "    if False:\n"),
    # Gate
    Mutant(
        "a write is not held at the gate",
        "activities/effects.py",
        "if await self._journal.sent(op, intent.sends) is not None:",
        "if await self._journal.sent(op, intent.sends) is not None and False:",
    ),
    Mutant(
        "the twin is not marked as held where the gate is closed",
        "activities/twin.py",
        "        if await self._store.twins.hold_unless_active(twin.id) is not None:\n            return FetchResult(",
        '        if (await self._store.configurations.connection(twin.connection)).status != "Active":\n            return FetchResult(',
    ),
    Mutant(
        "held outside the transaction that looked",
        "activities/apply.py",
        "or await engine.store.twins.hold_unless_active(twin.id) is None:",
        "or False:",
    ),
    Mutant(
        "held outside the transaction that looked, in the store",
        "store/twins.py",
        "            if status is ConnectionStatus.ACTIVE:\n                _release(row, self._database.now())\n                return None\n",
        "            await session.commit()\n",
    ),
    Mutant(
        "activation wakes nobody",
        "activities/connection.py",
        "            await self._signals.resume(twin, connection)\n",
        "            pass\n",
    ),
    _wf("an activation that meets a fetch is missed", "self._waiting = not self._resumed", "self._waiting = True"),
    Mutant(
        "a forgotten queue stays forgotten",
        "activities/routing.py",
        "        for waiting in await self._store.transactions.forgotten(",
        "        for waiting in [] and await self._store.transactions.forgotten(",
    ),
    # Workflow
    _wf("what waits is lost at continue-as-new", '                "pending": tuple(self._pending.values()),\n', ""),
    _wf("waiting for a person is forgotten at continue-as-new", '                "waiting": self._waiting,\n', ""),
    _wf("a parked change is dropped", "        self._put_back(hint)\n        self._waiting", "        self._waiting"),
    _wf(
        "a plan for an item that moved counts as done",
        "        if applied.outcome is Outcome.STALE:\n            return False\n",
        "        if applied.outcome is Outcome.STALE:\n            return True\n",
    ),
    _wf("a value of the target that won does not travel back", "        if wanted:\n", "        if False:\n"),
    _wf("a cancellation that meets an answer is lost", "if self._forced or ", "if "),
    _wf("two hints of a side are one, and the later is dropped", "known.joined(hint) if known else hint", "known or hint"),
    # Feed
    Mutant(
        "no reconciliation poll",
        "activities/feed.py",
        "            page = await opened.connector.changes(settings, cursor)\n",
        "            if cursor:\n                return\n            page = await opened.connector.changes(settings, cursor)\n",
    ),
    Mutant(
        "the cursor is stored before what it passed",
        "activities/feed.py",
        "            await inbox.add_polled(system, scope, changes, page.cursor)\n",
        "            await inbox.save_cursor(system, scope, page.cursor)\n            await inbox.add_polled(system, scope, changes, page.cursor)\n",
    ),
    Mutant(
        "events are done with before the twin has them",
        "activities/routing.py",
        "        for row in rows:\n",
        "        for row in rows:\n            await self._store.inbox.routed([row.id])\n",
    ),
    Mutant("a listed version of ours hides a person's edit", "activities/routing.py", "certain=row.polled)", "certain=False)"),
    Mutant(
        "every version after a write of ours is certain",
        "activities/settling.py",
        "    certain = plan.target is None\n    if can.compare_and_set and plan.target is not None:\n",
        "    certain = True\n    if False:\n",
    ),
    Mutant(
        "our own versions are not known",
        "activities/settling.py",
        "        if done.version:\n            made",
        "        if False:\n            made",
        "The echo is recognised by its replica all the same; the ledger only saves the read.",
    ),
    Mutant(
        "one event of an item hides the next",
        "activities/routing.py",
        "        pairs = await self._store.twins.by_item(system.id, row.item_id)\n",
        "        pairs = () if row.id % 2 else await self._store.twins.by_item(system.id, row.item_id)\n",
    ),
    Mutant(
        "items that we made come under sync anew",
        "activities/routing.py",
        "        if maker is not None and maker.connection == connection.id:\n",
        "        if False:\n",
    ),
    Mutant(
        "an item whose twin ended comes under sync anew",
        "activities/routing.py",
        "anew=False",
        "anew=True",
    ),
    Mutant(
        "events of an item that is just being made are dropped",
        "activities/routing.py",
        "return twin is not None and twin.status is not TwinStatus.UNLINKED and twin.item(twin.origin.other) is None",
        "return False",
    ),
    Mutant(
        "triggers look before the feed has a cursor",
        "activities/feed.py",
        "        return all(cursors)\n",
        "        return True\n",
    ),
    # Ends
    Mutant(
        "a deleted item is made again",
        "activities/transform.py",
        "    except Gone as gone:\n        return await _gone(engine, twin, stored, gone)\n",
        "    except Gone:\n        target_item, twin = None, twin.model_copy(update={str(target.side): None})\n",
    ),
    Mutant("a deletion is not noticed", "activities/fetch.py", "        if not request.deleted:\n            raise\n", "        raise\n"),
    Mutant("force unlink waits for the workflow", "operations/steering.py", "    if force:\n", "    if False:\n"),
    Mutant(
        "a late message takes an unlinked twin up again",
        "activities/twin.py",
        "        if twin.status is TwinStatus.UNLINKED:\n            await",
        "        if False:\n            await",
    ),
    Mutant(
        "versions mix within a transaction",
        "activities/engine.py",
        "    if version == connection.version:\n        return connection.configuration\n    return await engine.store.configurations.configuration(connection.id, version)\n",
        "    return connection.configuration\n",
    ),
    Mutant(
        "the loop breaker is off",
        "activities/transform.py",
        "        if alternations(writes, subject) >= LOOP_TURNS:\n",
        "        if False:\n",
    ),
    Mutant(
        "what a write in doubt hit unseen is not looked for",
        "activities/recovery.py",
        "elif await make_good(",
        "elif False and await make_good(",
    ),
    Mutant("a read that was overtaken moves a parked twin", "activities/fetch.py", "item, transaction.attempts\n", "item, None\n"),
    Mutant(
        "a file in doubt is taken for another of its name and size",
        "activities/effects.py",
        "return paired | {one.acknowledgement.id for one in written if one.acknowledgement is not None and one.op != op}",
        "return set()",
    ),
    Mutant(
        "a finished transaction is opened again",
        "store/fencing.py",
        "if settlement.stage is not None and stage in SETTLED:",
        "if settlement.stage in SETTLED and stage in SETTLED:",
    ),
    Mutant(
        "an attempt goes on after its twin was parked",
        "store/fencing.py",
        "if settlement.stage is not None and stage is Stage.ERROR:",
        "if False:",
    ),
    Mutant(
        "what people do to a new item while it is hidden is its base",
        "activities/sending.py",
        "        except NotFound:\n",
        "        except NotFound:\n            return done\n",
    ),
    Mutant(
        "a change that the target cannot tell loses to the target's",
        "sync/settle.py",
        "return frozenset(held | edited - plan.agreed.keys())",
        "return frozenset(held)",
    ),
    Mutant(
        "an error after the settlement parks the twin",
        "activities/twin.py",
        "if await self._settled(stored):",
        "if False and await self._settled(stored):",
    ),
    Mutant(
        "a twin that was never told to begin stays like that",
        "activities/routing.py",
        "        for twin in await self._store.twins.unbegun(connection.id, before, BATCH):\n",
        "        for twin in ():\n",
    ),
)
