"""Ways to break the workflow of a twin, the feed, and how twins end."""

from tests.mutation.mutant import Mutant


def _wf(name: str, old: str, new: str, redundant: str = "") -> Mutant:
    return Mutant(name, "workflows/twin.py", old, new, redundant)


FLOW = (
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
        "            page = await self._changes(opened, settings, cursors[scope])\n",
        "            if cursors[scope]:\n                break\n            page = await self._changes(opened, settings, cursors[scope])\n",
    ),
    Mutant(
        "the cursor is stored before what it passed",
        "activities/feed.py",
        "            added += await cursors.add_polled(scope, changes, page.cursor)\n",
        "            await cursors.save(scope, page.cursor)\n            added += await cursors.add_polled(scope, changes, page.cursor)\n",
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
        "        pairs = await self._store.twins.by_item(row.system, row.item_id)\n",
        "        pairs = () if row.id % 2 else await self._store.twins.by_item(row.system, row.item_id)\n",
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
    Mutant("triggers do not look again when the index has caught up", "activities/routing.py", "last.at < last.until or ", ""),
    Mutant(
        "triggers look before the feed has a cursor",
        "activities/feed.py",
        "if not request.drain_only and not all(",
        "if False and not all(",
    ),
    # Ends
    Mutant(
        "a deleted item is made again",
        "activities/transform.py",
        "    except Gone as gone:\n        if not ends_the_twin(target, gone):\n            raise\n        return await _gone(engine, twin, stored, gone)\n",
        "    except Gone:\n        target_item, twin = None, twin.model_copy(update={str(target.side): None})\n",
    ),
    Mutant("a deletion is not noticed", "activities/absence.py", "isinstance(absent, Gone) or told_deleted", "isinstance(absent, Gone)"),
    Mutant("force unlink waits for the workflow", "operations/steering.py", "    if force:\n", "    if False:\n"),
    Mutant(
        "a late message takes an unlinked twin up again",
        "activities/twin.py",
        "        if twin.status is TwinStatus.UNLINKED:\n            await",
        "        if False:\n            await",
        "The journal lets no write of an unlinked twin out (`require_own_turn`); what is left is a look in vain.",
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
        "elif intent.step in plan.plan.steps:",
        "elif False and intent.step in plan.plan.steps:",
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
        "return plan.held_subjects | edited - plan.agreed.keys()",
        "return plan.held_subjects",
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
        "            for twin in await self._store.twins.unbegun(connection.id, before, BATCH):\n",
        "            for twin in ():\n",
    ),
    Mutant(
        "a deletion of an item that is just being made is dropped",
        "activities/routing.py",
        "return (row.deleted or row.attempts < MAKING_LOOKS) and await self._store.twins.making(row.system)",
        "return False",
    ),
    Mutant("an attempt goes on at what an earlier one parked", "activities/twin.py", "if transaction.stage is Stage.ERROR:", "if False:"),
    Mutant(
        "a transaction is parked by rules that have been replaced",
        "activities/engine.py",
        "if begun.version == connection.version:",
        "if True:",
    ),
)
