"""The fake's GraphQL: what the command line client of GitHub asks, and how others page and are refused."""

from typing import Any, cast

import pytest
from github_site import GitHubSite, running

from connectors.github.fake_gql import ParseError, Selection, parse
from connectors.github.fake_gql_cost import cost_of

Row = dict[str, Any]

REPOSITORY = 'repository(owner: "acme", name: "app")'
LIST = """
fragment issue on Issue { number title labels(first: 10) { nodes { name } totalCount } }
query IssueList($owner: String!, $repo: String!, $limit: Int, $endCursor: String, $states: [IssueState!] = OPEN, $author: String) {
  repository(owner: $owner, name: $repo) {
    hasIssuesEnabled
    issues(
      first: $limit, after: $endCursor, orderBy: {field: CREATED_AT, direction: DESC}, states: $states, filterBy: {createdBy: $author}
    ) {
      totalCount nodes { ...issue state } pageInfo { hasNextPage endCursor }
    }
  }
}"""


async def _answer(site: GitHubSite, query: str, who: str = "ann", **variables: object) -> Row:
    answer = await site.call(who, "POST", "/graphql", {"query": query, "variables": variables})
    assert answer.status_code == 200
    return cast("Row", answer.json())


async def _data(site: GitHubSite, query: str, who: str = "ann", **variables: object) -> Row:
    told = await _answer(site, query, who, **variables)
    assert "errors" not in told, told["errors"]
    return cast("Row", told["data"])


async def _id(site: GitHubSite, path: str) -> str:
    return cast("str", (await site.call("ann", "GET", path)).json()["node_id"])


async def test_issues_page_by_page(site: GitHubSite) -> None:
    wanted: Row = {"owner": "acme", "repo": "app", "limit": 1}
    first = (await _data(site, LIST, **wanted))["repository"]
    page = first["issues"]
    assert (first["hasIssuesEnabled"], page["totalCount"], page["pageInfo"]["hasNextPage"]) == (True, 2, True)
    assert page["nodes"][0] == {
        "number": 2,
        "title": "Export orders as CSV",
        "labels": {"nodes": [{"name": "enhancement"}], "totalCount": 1},
        "state": "OPEN",
    }
    second = (await _data(site, LIST, **wanted, endCursor=page["pageInfo"]["endCursor"]))["repository"]["issues"]
    assert ([one["number"] for one in second["nodes"]], second["pageInfo"]["hasNextPage"]) == ([1], False)
    closed = (await _data(site, LIST, **wanted, states=["CLOSED"], author="bob"))["repository"]["issues"]
    assert closed["totalCount"] == 0


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ("first: 10", [1, 2, 4]),
        ("last: 2", [2, 4]),
        ('first: 10, labels: ["BUG"]', [1]),
        ("first: 10, states: CLOSED", [4]),
        ('first: 10, filterBy: {assignee: "bob", states: [OPEN]}', [1]),
        ('first: 10, filterBy: {assignee: "*"}', [1]),
        ('first: 10, filterBy: {since: "2035-01-01T00:00:00Z"}', []),
        ('first: 10, filterBy: {mentioned: "bob"}', []),
        ('first: 10, filterBy: {milestone: "*"}', []),
        ("first: 10, orderBy: {field: COMMENTS, direction: DESC}", [1, 4, 2]),
        ("first: 10, orderBy: {field: UPDATED_AT, direction: ASC}", [1, 2, 4]),
    ],
)
async def test_issues_by_what_is_asked(site: GitHubSite, arguments: str, numbers: list[int]) -> None:
    found = (await _data(site, f"{{ {REPOSITORY} {{ issues({arguments}) {{ nodes {{ number }} }} }} }}"))["repository"]["issues"]
    assert [one["number"] for one in found["nodes"]] == numbers


async def test_one_issue_with_all_around_it(site: GitHubSite) -> None:
    await site.call("ann", "PATCH", "/repos/acme/app/issues/1", {"state": "closed", "state_reason": "not_planned"})
    query = f"""query {{ {REPOSITORY} {{ issue: issueOrPullRequest(number: 1) {{ __typename
      ... on Issue {{ id number stateReason author {{ login ... on User {{ name }} ... on Bot {{ id }} }} issueType {{ name color }}
        comments(last: 1) {{ nodes {{ body author {{ login }} authorAssociation includesCreatedEdit }} }}
        milestone {{ title }} reactionGroups {{ content users {{ totalCount }} }} projectItems(first: 5) {{ totalCount }}
        timelineItems(itemTypes: [CLOSED_EVENT], first: 9) {{ nodes {{ __typename ... on ClosedEvent {{ stateReason }} }} }} }}
      ... on PullRequest {{ isDraft }} }} }} }}"""
    issue = (await _data(site, query))["repository"]["issue"]
    assert issue["id"] == await _id(site, "/repos/acme/app/issues/1")
    assert (issue["__typename"], issue["stateReason"], issue["milestone"], issue["projectItems"]) == (
        "Issue",
        "NOT_PLANNED",
        None,
        {"totalCount": 0},
    )
    assert (issue["author"], issue["issueType"]) == ({"login": "ann", "name": "Ann Archer"}, {"name": "Bug", "color": "GRAY"})
    [said] = issue["comments"]["nodes"]
    assert (said["author"], said["authorAssociation"], said["includesCreatedEdit"]) == ({"login": "bob"}, "COLLABORATOR", False)
    assert issue["timelineItems"]["nodes"] == [{"__typename": "ClosedEvent", "stateReason": "NOT_PLANNED"}]
    assert issue["reactionGroups"][0] == {"content": "THUMBS_UP", "users": {"totalCount": 0}}


async def test_one_life_of_an_issue(site: GitHubSite) -> None:
    repository, bob = await _id(site, "/repos/acme/app"), await _id(site, "/users/bob")
    bug, sync = await _id(site, "/repos/acme/app/labels/bug"), await _id(site, "/repos/acme/app/labels/sync")
    made = await _mutated(site, "createIssue", "issue{id number url}", repositoryId=repository, title="New", body="b", labelIds=[bug])
    issue = made["issue"]["id"]
    assert made["issue"]["url"] == f"{site.url}/acme/app/issues/{made['issue']['number']}"
    await _mutated(site, "updateIssue", "issue{id} actor{login}", id=issue, title="Newer", assigneeIds=[bob], milestoneId=None)
    edge = (await _mutated(site, "addComment", "commentEdge{node{id url}} subject{id}", subjectId=issue, body="Said"))["commentEdge"]
    said = await _mutated(site, "updateIssueComment", "issueComment{body}", id=edge["node"]["id"], body="Said better")
    assert said["issueComment"]["body"] == "Said better"
    await _mutated(site, "addLabelsToLabelable", "labelable{__typename}", labelableId=issue, labelIds=[sync])
    await _mutated(site, "removeLabelsFromLabelable", "clientMutationId", labelableId=issue, labelIds=[bug])
    await _mutated(site, "removeAssigneesFromAssignable", "clientMutationId", assignableId=issue, assigneeIds=[bob])
    await _mutated(site, "addAssigneesToAssignable", "assignable{__typename}", assignableId=issue, assigneeIds=[bob])
    closed = await _mutated(site, "closeIssue", "issue{state stateReason}", issueId=issue, stateReason="DUPLICATE")
    assert closed["issue"] == {"state": "CLOSED", "stateReason": "DUPLICATE"}
    assert (await _mutated(site, "reopenIssue", "issue{closed}", issueId=issue))["issue"] == {"closed": False}
    assert (await _mutated(site, "lockLockable", "lockedRecord{locked}", lockableId=issue, lockReason="TOO_HEATED")) == {
        "lockedRecord": {"locked": True}
    }
    assert (await _mutated(site, "unlockLockable", "unlockedRecord{locked}", lockableId=issue)) == {"unlockedRecord": {"locked": False}}
    shown = (await site.call("bob", "GET", f"/repos/acme/app/issues/{made['issue']['number']}")).json()
    assert (shown["title"], shown["body"], [one["name"] for one in shown["labels"]]) == ("Newer", "b", ["sync"])
    assert [one["login"] for one in shown["assignees"]] == ["bob"]
    await _mutated(site, "deleteIssueComment", "clientMutationId", id=edge["node"]["id"])
    assert (await site.call("bob", "GET", f"/repos/acme/app/issues/{shown['number']}/comments")).json() == []


async def _mutated(site: GitHubSite, name: str, shown: str, **given: object) -> Row:
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation Doing($input: {kind}!) {{ {name}(input: $input) {{ {shown} }} }}"
    return cast("Row", (await _data(site, query, input=given))[name])


async def test_transfer_and_delete(site: GitHubSite) -> None:
    issue, tools = await _id(site, "/repos/acme/app/issues/1"), await _id(site, "/repos/acme/tools")
    moved = await _mutated(site, "transferIssue", "issue{number repository{nameWithOwner}}", issueId=issue, repositoryId=tools)
    assert moved["issue"]["repository"] == {"nameWithOwner": "acme/tools"}
    other = await _id(site, "/repos/acme/app/issues/2")
    assert (await _mutated(site, "deleteIssue", "repository{id}", issueId=other))["repository"]["id"].startswith("R_")
    for number in (1, 2):
        answer = await _answer(site, f"{{ {REPOSITORY} {{ issue(number: {number}) {{ id }} }} }}")
        assert answer["errors"][0]["type"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("{ viewer { shoeSize } }", "undefinedField", "Field 'shoeSize' doesn't exist on type 'User'"),
        ("{ viewer }", "selectionMismatch", "Field must have selections (field 'viewer' returns User"),
        ("{ viewer { ...absent } }", "useAndDefineFragment", "Fragment absent was used"),
        ("mutation { explode(input: {}) { x } }", "undefinedField", "doesn't exist on type 'Mutation'"),
    ],
)
async def test_a_faulty_query_has_no_data(site: GitHubSite, query: str, code: str, words: str) -> None:
    told = await _answer(site, query)
    assert ("data" in told, told["errors"][0]["extensions"]["code"]) == (False, code)
    assert words in told["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        ('{ repository(owner: "acme", name: "nope") { id } }', "NOT_FOUND", "a Repository with the name 'acme/nope'"),
        (f"{{ {REPOSITORY} {{ issue(number: 99) {{ id }} }} }}", "NOT_FOUND", "an Issue with the number of 99"),
        (f"{{ {REPOSITORY} {{ pullRequest(number: 1) {{ id }} }} }}", "NOT_FOUND", "a PullRequest with the number of 1"),
        (f"{{ {REPOSITORY} {{ issues {{ nodes {{ id }} }} }} }}", "MISSING_PAGINATION_BOUNDARIES", "`first` or `last`"),
        (f"{{ {REPOSITORY} {{ issues(first: 101) {{ totalCount }} }} }}", "EXCESSIVE_PAGINATION", "limit of 100 records"),
        (f'{{ {REPOSITORY} {{ issues(first: 1, after: "x") {{ totalCount }} }} }}', "INVALID_CURSOR_ARGUMENTS", "valid cursor"),
        ('{ user(login: "nobody") { id } }', "NOT_FOUND", "a User with the login of 'nobody'"),
        ('{ organization(login: "ann") { id } }', "NOT_FOUND", "an Organization"),
        ('{ node(id: "I_AAAA") { id } }', "NOT_FOUND", "global id of 'I_AAAA'"),
        ('mutation { closeIssue(input: {issueId: "LA_x"}) { issue { id } } }', "NOT_FOUND", "global id of 'LA_x'"),
    ],
)
async def test_what_is_not_there_is_null_with_an_error(site: GitHubSite, query: str, kind: str, words: str) -> None:
    told = await _answer(site, query)
    [error] = told["errors"]
    assert (error["type"], words in error["message"]) == (kind, True)
    deepest: Any = told["data"]
    for step in error["path"]:
        deepest = deepest[step]
    assert deepest is None


async def test_who_may_not_write_is_told_so() -> None:
    async with running(
        {"repositories": [{"name": "acme/app", "roles": {"bob": "read"}, "issues": [{"title": "x", "user": "ann"}]}]}
    ) as site:
        issue = await _id(site, "/repos/acme/app/issues/1")
        query = f'mutation {{ updateIssue(input: {{id: "{issue}", title: "y"}}) {{ issue {{ id }} }} }}'
        assert (await _answer(site, query, "bob"))["errors"][0]["type"] == "FORBIDDEN"
        query = f'mutation {{ deleteIssue(input: {{issueId: "{issue}"}}) {{ clientMutationId }} }}'
        assert (await _answer(site, query, "bob"))["errors"][0]["type"] == "FORBIDDEN"
        query = f'mutation {{ updateIssue(input: {{id: "{issue}", title: " "}}) {{ issue {{ id }} }} }}'
        assert (await _answer(site, query))["errors"][0]["type"] == "UNPROCESSABLE"


async def test_search_and_other_ways_in(site: GitHubSite) -> None:
    query = """query($q: String!) { search(query: $q, type: ISSUE, first: 5) { issueCount nodes { ... on Issue { number } }
      edges { cursor node { __typename } } } }"""
    found = (await _data(site, query, q="repo:acme/app is:issue label:bug"))["search"]
    assert (found["issueCount"], found["nodes"], found["edges"][0]["node"]) == (1, [{"number": 1}], {"__typename": "Issue"})
    assert (await _data(site, query, q="repo:acme/nope"))["search"]["issueCount"] == 0
    issue = await _id(site, "/repos/acme/app/issues/1")
    ways = f"""{{ node(id: "{issue}") {{ ... on Issue {{ number }} }} nodes(ids: ["{issue}"]) {{ id }}
      resource(url: "{site.url}/acme/app/issues/1") {{ ... on Issue {{ id }} }}
      repositoryOwner(login: "acme") {{ __typename login repositories(first: 9) {{ nodes {{ name }} totalCount }} }} }}"""
    told = await _data(site, ways)
    assert (told["node"], told["nodes"], told["resource"]) == ({"number": 1}, [{"id": issue}], {"id": issue})
    assert (told["repositoryOwner"]["__typename"], told["repositoryOwner"]["repositories"]["totalCount"]) == ("Organization", 3)
    limit = (await _data(site, "{ rateLimit { limit cost remaining resetAt } }"))["rateLimit"]
    assert (limit["limit"], limit["cost"], limit["resetAt"][-1]) == (5000, 1, "Z")


async def test_what_it_has_can_be_asked(site: GitHubSite) -> None:
    query = '{ Issue: __type(name: "Issue") { fields(includeDeprecated: true) { name } } Other: __type(name: "Other") { name } }'
    told = await _data(site, query)
    assert {"name": "stateReason"} in told["Issue"]["fields"]
    assert told["Other"] is None


async def test_repository_and_people(site: GitHubSite) -> None:
    query = f"""{{ {REPOSITORY} {{ viewerPermission isInOrganization owner {{ login }} label(name: "BUG") {{ name }}
      labels(first: 2, orderBy: {{field: NAME, direction: ASC}}) {{ nodes {{ name }} }} few: labels(first: 5, query: "enh") {{ totalCount }}
      assignableUsers(first: 9, query: "bo") {{ nodes {{ login }} }} milestones(first: 1, states: [OPEN]) {{ totalCount }}
      defaultBranchRef {{ name }} issueTypes(first: 5) {{ nodes {{ name }} }}
      pullRequests(first: 5) {{ nodes {{ number isDraft }} }} }} }}"""
    told = (await _data(site, query))["repository"]
    assert (told["viewerPermission"], told["isInOrganization"], told["owner"]) == ("ADMIN", True, {"login": "acme"})
    assert (told["labels"]["nodes"][0], told["label"], told["few"]) == ({"name": "bug"}, {"name": "bug"}, {"totalCount": 1})
    assert ({"login": "bob"} in told["assignableUsers"]["nodes"], told["defaultBranchRef"]) == (True, {"name": "main"})
    assert told["pullRequests"]["nodes"] == [{"number": 3, "isDraft": False}]


def test_the_language_is_read() -> None:
    read = parse('query A { a } query B($n: Int = 3, $s: [S!]) { x: b(n: $n, s: $s, t: """two "words" """) @include(if: true) }', {}, "B")
    assert read.selections == (Selection("b", "x", {"n": 3, "t": 'two "words"'}),)
    skipped = parse(
        "{ a @skip(if: $yes) ...F @include(if: $yes) ... @include(if: $no) { b } c } fragment F on T { d(v: $yes) }", {"yes": True}
    )
    assert [one.name or one.spread for one in skipped.selections] == ["F", "c"]
    assert skipped.fragments["F"] == Selection(on="T", selections=(Selection("d", "d", {"v": True}),))
    values = parse('{ a(v: {x: [1, -2.5e1, "\\u00e9", null, E]}) } # the end', {}).selections[0].args
    assert values == {"v": {"x": [1, -25.0, "é", None, "E"]}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{ }",
        "{ a(",
        "{ a(b: ) }",
        "{ a } %",
        "subscription { a }",
        "query A { a } query B { b }",
        "{ a(b: !) }",
        "fragment F on T { a }",
    ],
)
def test_what_is_no_graphql_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text, {})


async def test_what_is_no_graphql_has_an_error(site: GitHubSite) -> None:
    assert list(await _answer(site, "{ a(")) == ["errors"]


FIFTY = "{ viewer { repositories(first: 50) { nodes { issues(first: 10) { totalCount } } } } }"
NESTED = """
query { viewer { login repositories(first: 100) { edges { node { id ...issues } } } } }
fragment issues on Repository { issues(first: 50) { edges { node { id labels(first: 60) { edges { node { id name } } } } } } }"""


@pytest.mark.parametrize(
    ("query", "points", "nodes"),
    [("{ viewer { login } }", 1, 0), (FIFTY, 1, 550), (NESTED, 51, 305_100)],
)
def test_a_question_costs_what_the_documentation_says(query: str, points: int, nodes: int) -> None:
    cost = cost_of(parse(query, {}))
    assert (cost.points, cost.nodes) == (points, nodes)


async def test_points_are_counted_and_their_end_is_told_with_200() -> None:
    async with running({"limits": {"graphql": 2}}) as site:
        shown = await _data(site, "{ rateLimit { cost used remaining } }")
        assert shown["rateLimit"] == {"cost": 1, "used": 1, "remaining": 1}
        await _data(site, "{ viewer { login } }")
        answer = await site.call("ann", "POST", "/graphql", {"query": "{ viewer { login } }"})
        assert (answer.status_code, answer.json()["errors"][0]["type"]) == (200, "RATE_LIMITED")
        assert (answer.headers["x-ratelimit-resource"], answer.headers["x-ratelimit-remaining"]) == ("graphql", "0")


async def test_too_many_nodes_are_refused(site: GitHubSite) -> None:
    many = "{ viewer { repositories(first: 100) { nodes { issues(first: 100) { nodes { comments(first: 100) { totalCount } } } } } } }"
    assert (await _answer(site, many))["errors"][0]["type"] == "MAX_NODE_LIMIT_EXCEEDED"


async def test_a_token_that_may_not_see_issues_is_told_so_at_each() -> None:
    seed: Row = {
        "users": [
            {"login": "fine", "token": "fine-token", "scopes": None, "issues": "none"},
            {"login": "shy", "token": "shy-token", "scopes": []},
        ],
        "repositories": [{"name": "acme/app", "issues": [{"title": "One"}]}],
    }
    async with running(seed) as site:
        query = f"{{ {REPOSITORY} {{ issue(number: 1) {{ title }} }} }}"
        refused = await _answer(site, query, "fine")
        assert (refused["data"], refused["errors"][0]["type"]) == ({"repository": {"issue": None}}, "FORBIDDEN")
        assert (await _answer(site, query, "shy"))["errors"][0]["type"] == "NOT_FOUND"


async def test_bots_have_other_names_than_in_rest() -> None:
    seed: Row = {
        "users": [{"login": "helper[bot]", "token": "x"}],
        "repositories": [{"name": "acme/app", "issues": [{"title": "One", "user": "helper[bot]", "assignees": ["helper[bot]"]}]}],
    }
    async with running(seed) as site:
        said = await site.call("ann", "POST", "/repos/acme/app/issues/1/comments", {"body": "Hm"})
        query = f"""{{ {REPOSITORY} {{ issue(number: 1) {{ author {{ __typename login ... on Bot {{ databaseId }} }}
          assignedActors(first: 1) {{ nodes {{ ... on Actor {{ login }} }} }}
          comments(first: 1) {{ nodes {{ fullDatabaseId }} }} }} }} }}"""
        issue = (await _data(site, query))["repository"]["issue"]
        user = (await site.call("ann", "GET", "/users/helper[bot]")).json()
        assert issue["author"] == {"__typename": "Bot", "login": "helper", "databaseId": user["id"]}
        assert issue["assignedActors"]["nodes"] == [{"login": "helper"}]
        assert issue["comments"]["nodes"] == [{"fullDatabaseId": str(said.json()["id"])}]
