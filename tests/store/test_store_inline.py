import threading
from pathlib import Path

from model.deployment import Deployment
from model.item import ItemRef
from model.words import Side
from store import MasterKey
from tests import inline_sqlite


async def test_no_thread_works_for_it(key: MasterKey, acme: Deployment) -> None:
    before = threading.enumerate()
    with inline_sqlite.scratch() as folder:
        store = await inline_sqlite.opened(Path(folder) / "twinline.db", key)
        await store.configurations.match(acme)
        assert await store.twins.start("support", Side.LEFT, ItemRef(id="1", key="ACME-1", url=""))
        assert threading.enumerate() == before
        await store.aclose()
        assert [path.name for path in Path(folder).iterdir()] == ["twinline.db"]
