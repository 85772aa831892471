"""What GraphQL tells of a pull request beyond an issue: https://docs.github.com/en/graphql/reference/objects#pullrequest.

There is no code behind the fake's pull requests, and nobody reviews them.
"""

from collections.abc import Callable, Sequence
from typing import cast

from connectors.github.fake_call import Call
from connectors.github.fake_gql import Args
from connectors.github.fake_gql_run import Fields, Node, Value, connection
from connectors.github.fake_render_pulls import sha_of
from connectors.github.fake_state import Issue, Repository
from connectors.github.mapping import stamp

ABSENT = {
    "reviews": "PullRequestReview", "latestReviews": "PullRequestReview", "reviewRequests": "ReviewRequest",
    "files": "PullRequestChangedFile",
    "reviewThreads": "PullRequestReviewThread", "closingIssuesReferences": "Issue", "latestOpinionatedReviews": "PullRequestReview",
}  # fmt: skip


def _read(tell: Callable[[Call, Repository, Issue], Value]) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: tell(call, *cast("tuple[Repository, Issue]", held))


def _empty(name: str, of: str) -> Callable[[Call, object, Args], Value]:
    def answer(call: Call, held: object, args: Args) -> Value:
        nobody: Sequence[Node] = []
        return connection(of, nobody, args, name)

    return answer


def _head(issue: Issue) -> str:
    return issue.head or f"change-{issue.number}"


def _owner(call: Call, repository: Repository, issue: Issue) -> Value:
    user = call.state.user(repository.owner)
    return Node("User", user) if user else Node("Organization", repository)


def _mergeable(call: Call, repository: Repository, issue: Issue) -> Value:
    return "MERGEABLE" if issue.state == "open" else "UNKNOWN"


def _state(call: Call, repository: Repository, issue: Issue) -> Value:
    return ("DRAFT" if issue.draft else "CLEAN") if issue.state == "open" else "UNKNOWN"


def _merger(call: Call, repository: Repository, issue: Issue) -> Value:
    user = call.state.user(issue.closed_by or "") if issue.merged_at else None
    return Node("User", user) if user else None


def _merge(call: Call, repository: Repository, issue: Issue) -> Value:
    return Node("Commit", sha_of(_head(issue))) if issue.merged_at else None


def _commits(call: Call, held: object, args: Args) -> Value:
    """The newest of the branch."""
    _, issue = cast("tuple[Repository, Issue]", held)
    return connection("PullRequestCommit", [Node("PullRequestCommit", sha_of(_head(issue)))], args, "commits")


FIELDS: Fields = {
    "isDraft": _read(lambda call, repository, issue: issue.draft),
    "merged": _read(lambda call, repository, issue: issue.merged_at is not None),
    "mergedAt": _read(lambda call, repository, issue: stamp(issue.merged_at) if issue.merged_at else None),
    "mergedBy": _read(_merger), "mergeCommit": _read(_merge), "potentialMergeCommit": _read(_merge),
    "headRefName": _read(lambda call, repository, issue: _head(issue)),
    "headRefOid": _read(lambda call, repository, issue: sha_of(_head(issue))),
    "headRef": _read(lambda call, repository, issue: Node("Ref", _head(issue))),
    "headRepository": _read(lambda call, repository, issue: Node("Repository", repository)), "headRepositoryOwner": _read(_owner),
    "baseRefName": _read(lambda call, repository, issue: issue.base),
    "baseRefOid": _read(lambda call, repository, issue: sha_of(issue.base)),
    "baseRef": _read(lambda call, repository, issue: Node("Ref", issue.base)),
    "baseRepository": _read(lambda call, repository, issue: Node("Repository", repository)),
    "isCrossRepository": _read(lambda call, repository, issue: False),
    "maintainerCanModify": _read(lambda call, repository, issue: False),
    "mergeable": _read(_mergeable), "mergeStateStatus": _read(_state), "commits": _commits,
    **{name: _read(lambda call, repository, issue: 0) for name in ("additions", "deletions", "changedFiles")},
    **{name: _read(lambda call, repository, issue: None) for name in ("reviewDecision", "autoMergeRequest", "statusCheckRollup")},
    **{name: _empty(name, of) for name, of in ABSENT.items()},
}  # fmt: skip
TYPES: dict[str, Fields] = {
    "PullRequestCommit": {"commit": lambda call, held, args: Node("Commit", held)},
    "Commit": {
        "oid": lambda call, held, args: cast("str", held),
        "abbreviatedOid": lambda call, held, args: cast("str", held)[:7],
        "statusCheckRollup": lambda call, held, args: None,
        "messageHeadline": lambda call, held, args: "",
        "messageBody": lambda call, held, args: "",
        "authors": lambda call, held, args: connection("GitActor", [], args, "authors"),
        "committedDate": lambda call, held, args: "2020-01-01T00:00:00Z",
        "authoredDate": lambda call, held, args: "2020-01-01T00:00:00Z",
    },
}
