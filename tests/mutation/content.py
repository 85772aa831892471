"""Ways to break what is written: children, the merge, the bases."""

from tests.mutation.mutant import Mutant

CONTENT = (
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
        "steps.append(delete(source_id, copy))",
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
        "an edit that met a conflict in the first sync counts as agreed",
        "sync/merge.py",
        "        if known is None and subject in edited and same(asked, now):\n",
        "        if False:\n",
    ),
    Mutant(
        "what won a conflict and was taken back since is not sent",
        "sync/merge.py",
        "                    agreed[subject] = Agreed(asked=theirs, got=theirs)\n            case _:",
        "                    agreed[subject] = Agreed(asked=theirs, got=got)\n            case _:",
    ),
    Mutant(
        "a comment that won a conflict and was taken back since is not sent",
        "sync/children.py",
        "kept.append(trace.with_texts(side.other, text, wish.text))",
        "kept.append(trace.with_texts(side.other, text, trace.text_on(side)))",
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
        "expected = await _expected(engine, target, item, before.replica)\n        if plan",
        "expected = before.replica\n        if plan",
    ),
    Mutant(
        "an edit is dropped where nobody can edit a comment",
        "sync/lasting.py",
        "                    steps.append(further)",
        "                    pass",
    ),
    Mutant(
        "a further comment is made again after half a plan",
        "sync/lasting.py",
        "                kept.append(trace.with_texts",
        "                str(trace.with_texts",
    ),
    Mutant(
        "after half a plan an edit that was sent in vain counts as agreed",
        "activities/settling.py",
        "less_edits(settled.item, there, edited)",
        "settled.item",
    ),
    Mutant(
        "a status on the way counts as the one that was to come",
        "activities/settling.py",
        "coming = with_status_to_come(unedited, plan, acknowledged)",
        "coming = unedited",
    ),
    Mutant(
        "what is in a held conflict counts as agreed where the rule cannot say what it means",
        "sync/merge.py",
        "or not same(asked, now) or subject in held",
        "or not same(asked, now)",
    ),
    # What people decide
    Mutant(
        "a decision that came too late ends a held conflict for nobody",
        "activities/transform.py",
        "(one.resolved is None or one.who) and",
        "one.resolved is None and",
    ),
    Mutant(
        "what a person decided is an echo like any other",
        "activities/fetch.py",
        "request.force or transaction.forced",
        "request.force",
    ),
    Mutant(
        "the value that lost is written over a newer edit",
        "sync/restoring.py",
        "return Finding.GIVE if _stands(one, ours, known) and not winners else Finding.EDITED",
        "return Finding.GIVE",
    ),
    Mutant(
        "a value that was brought back does not travel on",
        "sync/restoring.py",
        "plan.send_back or bool(restored)",
        "plan.send_back",
    ),
    Mutant(
        "a value is brought back although the write was refused once",
        "activities/apply.py",
        "conflicts.end_restoring(step.conflict, Restoration.REFUSED)",
        "conflicts.get(step.conflict)",
    ),
    Mutant(
        "what is done of a restoration is forgotten in recovery",
        "activities/recovery.py",
        "                await engine.store.conflicts.end_restoring(intent.step.conflict, Restoration.DONE)\n",
        "",
    ),
)
