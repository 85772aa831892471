"""Ways to break the effect protocol, its fences and the gate."""

from tests.mutation.mutant import Mutant

EFFECTS = (
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
        "a repeated write's doubt runs from the first attempt",
        "store/journal.py",
        "            row.recovering_since = None\n            return None",
        "            return None",
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
        "an edit in the second in which a comment was added counts as ours",
        "activities/effects.py",
        " and comment.created.microsecond\n",
        "\n",
    ),
    Mutant(
        "an edit that may have replaced a write in doubt is left to the policy",
        "activities/effects.py",
        "if await self._yielded(step, now):",
        "if False and await self._yielded(step, now):",
    ),
    Mutant(
        "an edit of a comment that may have replaced one in doubt is left to the policy",
        "activities/effects.py",
        "if here is not None and was is not None and await self._child_yielded(step, here):",
        "if False and await self._child_yielded(step, here or str()):",
    ),
    Mutant(
        "a rule that asked for a copy in vain is not told of it",
        "activities/routing.py",
        "for id, side, item in await self._store.awaited.arrived(connection.id, BATCH):",
        "for id, side, item in (await self._store.awaited.arrived(connection.id, BATCH))[:0]:",
    ),
    Mutant(
        "a question for a copy that is not there is forgotten",
        "activities/transform.py",
        "        if seeking.missed:\n",
        "        if False:\n",
    ),
    Mutant(
        "a copy that is there by now counts as asked for before the rule was told",
        "activities/settling.py",
        "ask = as_last_asked(ask_of(engine, source, pretended, stored.twin), lambda: engine.store.awaited.of(stored.twin, target.side))",
        "ask = ask_of(engine, source, pretended, stored.twin)",
    ),
    Mutant(
        "a status on the way counts as none of ours",
        "activities/apply.py",
        "            done.append((one, acknowledged))\n",
        "",
        redundant="the next transform finds it in the journal",
    ),
    Mutant(
        "the rest of a way is gone while its first part is in doubt",
        "activities/apply.py",
        "if isinstance(intent.step, Transition) and intent.step.passing:",
        "if False and isinstance(intent.step, Transition):",
    ),
    Mutant(
        "a first sync is over once the item is there",
        "activities/settling.py",
        "replica=expected, goes_on=True)",
        "replica=expected)",
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
        "        if conflict.winner is not stored.source or step.conflict:\n",
        "        if False:\n",
    ),
    Mutant(
        "nothing is recovered before a new plan is made",
        "activities/recovery.py",
        "for number, group in groupby(writes, ",
        "for number, group in groupby((), ",
    ),
    Mutant(
        "the source of a recovered write is not looked at again",
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
    Mutant(
        "a late attempt writes on after its change was carried out",
        "store/fencing.py",
        "    if stage is Stage.APPLIED:\n",
        "    if False:\n",
    ),
    Mutant("an unlinked twin is still written", "store/fencing.py", "    if twin is TwinStatus.UNLINKED:\n", "    if False:\n"),
    # Gate
    Mutant(
        "a write is not held at the gate",
        "activities/effects.py",
        "if await self._journal.sent(op, intent.sends, of_change) is not None:",
        "if await self._journal.sent(op, intent.sends, of_change) is not None and False:",
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
    Mutant("an activation that meets a fetch is missed", "workflows/twin.py", "self._waiting = not self._resumed", "self._waiting = True"),
    Mutant(
        "a forgotten queue stays forgotten",
        "activities/routing.py",
        "            for waiting in await self._store.transactions.forgotten(",
        "            for waiting in [] and await self._store.transactions.forgotten(",
    ),
    # Calls of rules
    Mutant(
        "a rule's call is made again by every run",
        "activities/calling.py",
        "        if intent.acknowledgement is not None:\n            return intent.acknowledgement.fields\n        if intent.sends > 0 and",
        "        if intent.sends > 0 and False and",
    ),
    Mutant(
        "a write that was given up in doubt is sent by the next attempt",
        "activities/effects.py",
        "        found = await self._look(intent, item_id)\n",
        "        try:\n            found = await self._look(intent, item_id)\n        except Stale as overtaken:\n"
        "            await self._journal.reject(intent.op, overtaken.message)\n            raise\n",
    ),
    Mutant(
        "what people changed of a new item is taken for how it was made",
        "sync/settle.py",
        "ours = answered if untouched else {**asked, **answered}",
        "ours = {name: answered.get(name, value) for name, value in asked.items() if not untouched or name in answered}",
    ),
    Mutant(
        "what nobody can tell of a new item is overwritten without a record",
        "activities/effects.py",
        """        if read.fields.get("created") != read.fields.get("updated"):""",
        "        if False:",
    ),
    Mutant(
        "what an earlier attempt did and a later one did not come to counts as settled",
        "activities/settling.py",
        "            ops=tuple(ops),\n",
        "            ops=tuple(ops),\n            all_ops=None if recovering else target.side,\n",
    ),
    Mutant("a rule's call is repeated while it is in doubt", "activities/calling.py", "and not call.repeats:", "and False:"),
    Mutant("a call that the rule no longer makes is forgotten", "activities/transform.py", "    if recovered.calls:", "    if False:"),
    Mutant("what became of a repeatable call is left open", "activities/transform.py", "    await calls.close()\n", ""),
    Mutant(
        "a plan is made for the item as it was before a rule's call",
        "activities/transform.py",
        "    if calls.sent:",
        "    if False:",
        "A platform that compares and sets refuses a plan for the item as it was; elsewhere a plan writes only what it changes itself.",
    ),
    Mutant("a rule that stored its item never goes on", "workflows/twin.py", "if applied.goes_on and", "if False and"),
    Mutant(
        "a rule that goes on is no first sync any more",
        "activities/transform.py",
        "is None or situation.state.base(situation.source.other).goes_on",
        "is None",
    ),
    Mutant(
        "an edit in the second in which the copy was made is its base",
        "sync/settle.py",
        "ours = answered if untouched else {**asked, **answered}",
        "ours = Fields() if untouched else {**asked, **answered}",
    ),
)
