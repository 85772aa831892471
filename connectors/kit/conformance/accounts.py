"""What a connector tells of its account, and that it finds this out without writing."""

from connectors.kit.conformance.expect import expect, same, told
from connectors.kit.conformance.live import Live
from connectors.kit.conformance.refusals import wrong
from model.errors import LoginRejected


async def the_account_is_named_with_what_it_may_do(live: Live) -> None:
    """The subject's account has all rights, of which only such as writing alone could tell may be in doubt."""
    me = await live.connector.account(None)
    here = await live.connector.account(live.settings)
    expect(bool(me.name and me.platform), f"an account has a name and a platform, not {me.name!r} and {me.platform!r}")
    same("the account on a side", (here.name, here.platform), (me.name, me.platform))
    found = (*me.permissions, *here.permissions)
    names = [one.name for one in found]
    same("how often each permission is told", sorted(set(names)), sorted(names))
    for one in found:
        expect(
            bool(one.remedy) != bool(one.given), f"{one.name!r} has a remedy where it is not given, and none where it is: {one.remedy!r}"
        )
        expect(live.subject.secret not in one.remedy, f"what to do about {one.name!r} has no secret in it")
    same("what an account with all rights lacks", [one.name for one in found if one.given is False and not one.optional], [])


async def nothing_is_written_to_find_that_out(live: Live) -> None:
    await live.connector.check(live.settings)
    before = await live.written()
    await live.connector.account(None)
    await live.connector.account(live.settings)
    same("the calls that could write", await live.written(), before)


async def a_wrong_login_has_no_account(live: Live) -> None:
    stranger = live.opened(wrong(live))
    try:
        with told(LoginRejected, "a wrong secret asks for its account"):
            await stranger.account(None)
    finally:
        await stranger.aclose()
