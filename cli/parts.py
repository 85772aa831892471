"""`twinline twin parts`: a twin from inside."""

from cli import options
from cli.client import Api
from cli.completing import TwinId
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, short, table
from model.agreement import Agreed, Trace
from model.frozen import Frozen
from model.twin import StoredReplica
from operations.looking import Bases, Replicas


class TwinParts(Frozen):
    replicas: Replicas
    base: Bases
    traces: tuple[Trace, ...]


def show_parts(twin: TwinId, *, json: AsJson = False) -> None:
    """What each side last sent, what both agreed on, and the pairs of comments, files and work logs."""
    found = finish(_parts(options.api(), twin))
    if json:
        as_json(TwinParts, found)
        return
    replicas, base = found.replicas, found.base
    for side, sent in (("left", replicas.left), ("right", replicas.right)):
        out.print(f"{side} sent replica {sent.sequence}, of version {sent.version}" if sent else f"{side} sent nothing yet")
    names = sorted({*_sent(replicas.left), *_sent(replicas.right), *base.left.agreed, *base.right.agreed})
    rows = [
        (
            name,
            _sent(replicas.left).get(name, "-"),
            _sent(replicas.right).get(name, "-"),
            _got(base.left.agreed.get(name)),
            _got(base.right.agreed.get(name)),
        )
        for name in names
    ]
    table(("property", "left sent", "right sent", "left base", "right base"), rows, "no properties")
    pairs = [(one.kind, one.left_id, one.right_id, one.origin, "yes" if one.released else "no", short(one.left)) for one in found.traces]
    table(("child", "left id", "right id", "made on", "released", "left text"), pairs, "no comments, files or work logs")


async def _parts(api: Api, twin: str) -> TwinParts:
    return TwinParts(
        replicas=await api.get(Replicas, f"/twins/{twin}/replicas"),
        base=await api.get(Bases, f"/twins/{twin}/base"),
        traces=await api.get(tuple[Trace, ...], f"/twins/{twin}/traces"),
    )


def _sent(replica: StoredReplica | None) -> dict[str, str]:
    return {name: short(value) for name, value in replica.payload.items()} if replica else {}


def _got(agreed: Agreed | None) -> str:
    return short(agreed.got) if agreed else "-"
