"""Which checks prove which capability, and what a connector has to pass."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from connectors.kit.conformance import accounts, children, hooks, items, links, protection, refusals, seeing, work
from connectors.kit.conformance.capability import Capability
from connectors.kit.conformance.live import Known, Live, running
from connectors.kit.conformance.quality import load
from connectors.kit.conformance.subject import Subject
from connectors.kit.registry import found
from model.errors import Misconfigured

Check = Callable[[Live], Awaitable[None]]

CHECKS: Mapping[Capability, Sequence[Check]] = MappingProxyType(
    {
        Capability.READ: (
            items.reads_in_the_shapes_of_the_hub,
            items.reads_the_same_however_many_are_asked_for_at_once,
            refusals.what_fails_is_told_apart,
            refusals.no_error_has_a_secret,
        ),
        Capability.CREATE: (items.creates_with_its_fields,),
        Capability.UPDATE: (items.samples_cover_what_is_writable, items.updates_nothing_else),
        Capability.STATUS: (items.goes_from_status_to_status,),
        Capability.STATUS_ON_CREATION: (items.creates_in_a_status,),
        Capability.CUSTOM_FIELDS: (items.writes_own_fields_by_name,),
        Capability.USERS: (items.finds_people_by_their_address,),
        Capability.RICH_TEXT: (items.reads_rich_text_as_it_says,),
        Capability.COMMENTS: (children.comments_are_added_and_found, children.finds_a_comment_whose_answer_was_lost),
        Capability.INTERNAL_COMMENTS: (children.internal_comments_stay_internal,),
        Capability.COMMENT_EDITS: (children.comments_are_edited, children.an_absent_comment_is_not_edited),
        Capability.COMMENT_DELETIONS: (children.comments_are_deleted,),
        Capability.ATTACHMENTS: (children.files_keep_their_bytes,),
        Capability.INLINE_IMAGES: (children.a_picture_shows_a_file_of_the_item,),
        Capability.WORK_LOGS: (
            work.work_logs_are_added_and_found,
            work.work_logs_are_edited_and_deleted,
            work.only_what_was_said_of_a_work_log_is_lost,
            work.many_work_logs_are_all_read,
            work.finds_a_work_log_whose_answer_was_lost,
        ),
        Capability.LINKS: (
            links.a_link_of_every_type_is_seen_from_both_ends,
            links.a_link_is_added_and_removed_once,
            links.other_links_are_left_alone,
            links.a_link_to_nothing_is_refused,
            links.a_link_in_doubt_is_repeated,
        ),
        Capability.MARKER: (items.finds_an_item_by_its_marker, items.finds_what_a_lost_answer_made),
        Capability.FIND: (items.finds_an_item_by_key_and_address,),
        Capability.CHANGE_FEED: (
            seeing.the_feed_tells_what_changed,
            seeing.the_feed_tells_a_new_item_with_its_marker,
            seeing.the_feed_loses_nothing_that_happens_at_the_same_time,
            seeing.the_feed_tells_again_from_an_old_cursor,
            seeing.the_feed_turns_its_pages,
        ),
        Capability.DELETION: (seeing.a_deletion_is_proven,),
        Capability.WEBHOOKS: (seeing.a_genuine_call_is_read, seeing.a_forged_call_is_refused, seeing.a_strange_call_does_no_harm),
        Capability.WEBHOOK_REGISTRATION: (hooks.a_webhook_is_registered_once, hooks.a_webhook_is_taken_away),
        Capability.TRIGGER_QUERIES: (seeing.a_query_selects, seeing.a_bad_query_is_refused),
        Capability.LOGIN: (refusals.a_good_login_is_accepted, refusals.a_wrong_login_is_rejected),
        Capability.ACCOUNT: (
            accounts.the_account_is_named_with_what_it_may_do,
            accounts.nothing_is_written_to_find_that_out,
            accounts.a_wrong_login_has_no_account,
        ),
        Capability.RATE_LIMITS: (refusals.a_limit_is_waited_for,),
        Capability.COMPARE_AND_SET: (protection.an_update_of_what_moved_on_is_stale,),
        Capability.CREATE_KEY: (protection.a_repeated_creation_makes_one_item,),
        Capability.EXACT_VERSIONS: (protection.every_state_has_a_version_of_its_own,),
        Capability.CHANGE_HISTORY: (protection.the_history_tells_who_changed_what,),
    }
)


@dataclass(frozen=True)
class Case:
    """One check of one capability."""

    capability: Capability
    check: Check

    def __str__(self) -> str:
        return f"{self.capability}-{self.check.__name__}"


def known(kind: str) -> Known:
    """The connector of that kind with its `quality.toml` and `SUBJECT`; Misconfigured where its package lacks one."""
    one = found(kind)
    module = f"{one.package}.conformance"
    try:
        subject = getattr(import_module(module), "SUBJECT", None)
    except ModuleNotFoundError as error:
        raise Misconfigured(
            f"the package {one.package!r} has no module 'conformance' with a SUBJECT; see docs/connectors/writing.md"
        ) from error
    if not isinstance(subject, Subject):
        raise Misconfigured(f"{module} has no SUBJECT of the class Subject; see docs/connectors/writing.md")
    return Known(one.declaration, load(one.package), subject)


def cases(of: Known) -> Iterator[Case]:
    """What the connector has to pass: the checks of every capability that its `quality.toml` names."""
    for capability, checks in CHECKS.items():
        if capability in of.quality.supported:
            yield from (Case(capability, check) for check in checks)


async def run(case: Case, of: Known) -> None:
    """`expect.Broken` if the promise is broken; any other error is a fault of the connector, too."""
    async with running(of) as live:
        await case.check(live)
