"""There is an owner as long as there are members, whoever does what at the same time."""

from functools import partial

import pytest

from model.errors import BadInput
from model.members import Role
from store import Store
from tests.store.crew import SIZE, Crew

pytestmark = [pytest.mark.xdist_group("crew"), pytest.mark.databases]


async def leave(store: Store, member: int) -> bool:
    """Each takes itself out, half of them by another role."""
    try:
        if member % 2:
            await store.members.remove(f"owner-{member}")
        else:
            await store.members.set_role(f"owner-{member}", Role.ADMIN)
    except BadInput:
        return False
    return True


async def test_of_owners_who_all_leave_at_once_one_stays(store: Store, crew: Crew) -> None:
    for number in range(SIZE):
        await store.members.add(f"owner-{number}", Role.OWNER)
    left = await crew.work(partial(leave))
    owners = [one.name for one in await store.members.listed() if one.role is Role.OWNER]
    assert left.count(False) == 1
    assert owners == [f"owner-{left.index(False)}"]
