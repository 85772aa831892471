"""The closed list of what a connector can do: one vocabulary for every `quality.toml`, the checks and the documentation."""

from enum import StrEnum
from types import MappingProxyType

from connectors.kit.interface import Capabilities


class Capability(StrEnum):
    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    STATUS = "status"
    STATUS_ON_CREATION = "status_on_creation"
    CUSTOM_FIELDS = "custom_fields"
    USERS = "users"
    RICH_TEXT = "rich_text"
    COMMENTS = "comments"
    INTERNAL_COMMENTS = "internal_comments"
    COMMENT_EDITS = "comment_edits"
    COMMENT_DELETIONS = "comment_deletions"
    ATTACHMENTS = "attachments"
    INLINE_IMAGES = "inline_images"
    WORK_LOGS = "work_logs"
    LINKS = "links"
    MARKER = "marker"
    FIND = "find"
    CHANGE_FEED = "change_feed"
    DELETION = "deletion"
    WEBHOOKS = "webhooks"
    WEBHOOK_REGISTRATION = "webhook_registration"
    TRIGGER_QUERIES = "trigger_queries"
    LOGIN = "login"
    ACCOUNT = "account"
    RATE_LIMITS = "rate_limits"
    COMPARE_AND_SET = "compare_and_set"
    CREATE_KEY = "create_key"
    EXACT_VERSIONS = "exact_versions"
    CHANGE_HISTORY = "change_history"


TITLES = MappingProxyType(
    {
        Capability.READ: "read an item with its comments and files",
        Capability.CREATE: "create",
        Capability.UPDATE: "update only what is asked",
        Capability.STATUS: "set the status",
        Capability.STATUS_ON_CREATION: "create in any status",
        Capability.CUSTOM_FIELDS: "own fields by name",
        Capability.USERS: "users by e-mail address",
        Capability.RICH_TEXT: "rich text",
        Capability.COMMENTS: "comments",
        Capability.INTERNAL_COMMENTS: "internal comments",
        Capability.COMMENT_EDITS: "edit a comment",
        Capability.COMMENT_DELETIONS: "delete a comment",
        Capability.ATTACHMENTS: "files, both ways, and their removal",
        Capability.INLINE_IMAGES: "pictures in a text show the item's own files",
        Capability.WORK_LOGS: "work logs: time spent, its edits and removal",
        Capability.LINKS: "links between items, and their removal",
        Capability.MARKER: "find what was created, by its marker",
        Capability.FIND: "find by key and by address",
        Capability.CHANGE_FEED: "changes by polling, none missed",
        Capability.DELETION: "proof of deletion",
        Capability.WEBHOOKS: "webhooks",
        Capability.WEBHOOK_REGISTRATION: "register webhooks by itself",
        Capability.TRIGGER_QUERIES: "trigger queries",
        Capability.LOGIN: "a rejected login is told",
        Capability.ACCOUNT: "names its account and what it may do",
        Capability.RATE_LIMITS: "waits as the platform asks",
        Capability.COMPARE_AND_SET: "refuse an update of what moved on",
        Capability.CREATE_KEY: "a repeated creation makes one item",
        Capability.EXACT_VERSIONS: "a version of its own for every state",
        Capability.CHANGE_HISTORY: "tell who changed which property when",
    }
)
"""What each is called on a page."""

MANDATORY = frozenset(
    {
        Capability.READ,
        Capability.CREATE,
        Capability.UPDATE,
        Capability.STATUS,
        Capability.COMMENTS,
        Capability.MARKER,
        Capability.FIND,
        Capability.CHANGE_FEED,
        Capability.TRIGGER_QUERIES,
        Capability.LOGIN,
        Capability.ACCOUNT,
        Capability.RATE_LIMITS,
    }
)
"""What the engine cannot do without."""

FREE = frozenset({Capability.USERS, Capability.RICH_TEXT, Capability.DELETION, Capability.WEBHOOKS})
"""What no field of `Capabilities` tells: `quality.toml` alone does."""


def declared(capabilities: Capabilities) -> frozenset[Capability]:
    """What a connector has to prove, given what it says of itself to the engine."""
    said = {
        Capability.STATUS_ON_CREATION: capabilities.created_with_status,
        Capability.CUSTOM_FIELDS: capabilities.own_fields,
        Capability.INTERNAL_COMMENTS: "internal" in capabilities.comments,
        Capability.COMMENT_EDITS: "edit" in capabilities.comments,
        Capability.COMMENT_DELETIONS: "delete" in capabilities.comments,
        Capability.ATTACHMENTS: capabilities.attachments,
        Capability.INLINE_IMAGES: capabilities.images != "none",
        Capability.WORK_LOGS: capabilities.work_logs,
        Capability.LINKS: capabilities.links,
        Capability.COMPARE_AND_SET: capabilities.compare_and_set,
        Capability.CREATE_KEY: capabilities.create_key,
        Capability.EXACT_VERSIONS: capabilities.exact_versions,
        Capability.CHANGE_HISTORY: capabilities.change_history,
        Capability.WEBHOOK_REGISTRATION: capabilities.hooks,
    }
    return MANDATORY | {name for name, holds in said.items() if holds}
