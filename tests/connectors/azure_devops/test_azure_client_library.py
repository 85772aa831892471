"""Microsoft's own client for Python, which knows nothing of us, finds its way in the fake: https://github.com/microsoft/azure-devops-python-api."""

import asyncio
import gc
import io
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from azure_site import SECRET, AzureSite

# The library leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    yield
    gc.collect()


def _client(url: str, token: str) -> Any:
    """Without what it has kept in files about other servers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from azure.devops import _file_cache  # noqa: PLC0415
        from azure.devops.connection import Connection  # noqa: PLC0415
        from msrest.authentication import BasicAuthentication  # noqa: PLC0415
    for cache in (_file_cache.OPTIONS_CACHE, _file_cache.RESOURCE_CACHE):
        cache.file_name, cache.data, cache.initial_load_occurred = "", {}, True
    return Connection(base_url=url, creds=BasicAuthentication("", token))


def _operation(path: str, value: object, op: str = "add") -> Any:
    from azure.devops.v7_1.work_item_tracking.models import JsonPatchOperation  # noqa: PLC0415

    return JsonPatchOperation(op=op, path=path, value=value)


def _go_through(url: str) -> list[object]:
    """One life of a work item as `ann`, with what the library read at each step."""
    from azure.devops.v7_1.work_item_tracking.models import CommentCreate, Wiql, WorkItemDeleteUpdate  # noqa: PLC0415

    connection = _client(url, "ann-token")
    seen: list[object] = [[one.name for one in connection.clients_v7_1.get_core_client().get_projects()]]
    work = connection.clients_v7_1.get_work_item_tracking_client()
    seen.append([one.name for one in work.get_work_item_types("Acme Shop")])
    made = work.create_work_item([_operation("/fields/System.Title", "By a library")], "Acme Shop", "User Story")
    seen += [made.rev, made.fields["System.State"], made.fields["System.CreatedBy"]["uniqueName"]]
    file = work.create_attachment(io.BytesIO(b"from a library"), file_name="a.txt")
    link = {"rel": "AttachedFile", "url": file.url, "attributes": {"comment": "a file"}}
    item = work.update_work_item([_operation("/rev", 1, "test"), _operation("/relations/-", link)], made.id)
    seen += [item.rev, b"".join(work.get_attachment_content(file.id))]
    comment = work.add_comment(CommentCreate(text="<b>Noted</b>"), "Acme Shop", made.id)
    listed = work.get_comments("Acme Shop", made.id)
    seen += [listed.total_count, [(one.id == comment.id, one.text) for one in listed.comments]]
    work.delete_comment("Acme Shop", made.id, comment.id)
    seen.append(work.get_comments("Acme Shop", made.id).total_count)
    found = work.query_by_wiql(Wiql(query="SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'By a library'"))
    seen.append([one.id == made.id for one in found.work_items])
    seen.append([list(one.fields) for one in work.get_work_items([1, 2], fields=["System.Title"])])
    seen.append([one.rev for one in work.get_updates(made.id)])
    work.delete_work_item(made.id)
    seen.append([one.id == made.id for one in work.get_deleted_work_item_shallow_references("Acme Shop")])
    work.restore_work_item(WorkItemDeleteUpdate(is_deleted=False), made.id)
    seen.append(work.get_work_item(made.id, expand="Relations").relations[0].attributes["name"])
    return seen


async def test_a_client_library_finds_its_way(site: AzureSite) -> None:
    assert await asyncio.to_thread(_go_through, site.url) == [
        ["Acme Shop", "Acme Operations", "Sync"],
        ["Bug", "Task", "User Story", "Feature", "Epic"],
        1,
        "New",
        "ann@acme.test",
        2,
        b"from a library",
        1,
        [(True, "<b>Noted</b>")],
        0,
        [True],
        [["System.Title"], ["System.Title"]],
        [1, 2, 3],
        [True],
        "a.txt",
    ]


async def test_it_understands_a_refusal(site: AzureSite) -> None:
    from azure.devops.exceptions import AzureDevOpsServiceError  # noqa: PLC0415

    def stale() -> None:
        work = _client(site.url, "ann-token").clients_v7_1.get_work_item_tracking_client()
        work.update_work_item([_operation("/rev", 77, "test"), _operation("/fields/System.Title", "x")], 1)

    with pytest.raises(AzureDevOpsServiceError, match="VS403351"):
        await asyncio.to_thread(stale)


def _basic(url: str) -> list[object]:
    """An issue of the Basic process from To Do to Done, by Twinline's account, as it can be seen afterwards."""
    from azure.devops.v7_1.work_item_tracking.models import Wiql, WorkItemBatchGetRequest  # noqa: PLC0415

    work = _client(url, SECRET).clients_v7_1.get_work_item_tracking_client()
    made = work.create_work_item([_operation("/fields/System.Title", "Anvil"), _operation("/fields/System.Tags", "a; b")], "Sync", "Issue")
    for state in ("Doing", "Done"):
        work.update_work_item([_operation("/fields/System.State", state)], made.id)
    seen: list[object] = [one.fields["System.State"] for one in work.get_revisions(made.id)]
    changed = work.get_updates(made.id)[-1].fields["System.State"]
    seen += [(changed.old_value, changed.new_value)]
    batch = work.get_work_items_batch(WorkItemBatchGetRequest(ids=[made.id, 999], error_policy="omit", fields=["System.State"]))
    seen += [[one.fields if one else None for one in batch]]
    query = (
        "SELECT [System.Id] FROM WorkItems WHERE [System.State] = 'Done' AND [System.Tags] CONTAINS 'a' AND [System.TeamProject] = 'Sync'"
    )
    seen += [[one.id == made.id for one in work.query_by_wiql(Wiql(query=query)).work_items]]
    return [*seen, [one.name for one in work.get_work_item_type_states("Sync", "Issue")]]


async def test_an_issue_of_the_basic_process(site: AzureSite) -> None:
    assert await asyncio.to_thread(_basic, site.url) == [
        "To Do",
        "Doing",
        "Done",
        ("Doing", "Done"),
        [{"System.State": "Done"}, None],
        [True],
        ["To Do", "Doing", "Done"],
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT [System.Id] FROM WorkItems WHERE [Custom.Nothing] = 1", "TF51005"),
        ("SELECT [System.Id] FROM WorkItems WHERE [System.State] 'Done'", "Expecting comparison operator"),
        ("SELECT [System.Id] WHERE [System.State] = 'Done'", "Expecting FROM"),
    ],
)
async def test_it_understands_a_bad_query(site: AzureSite, query: str, words: str) -> None:
    from azure.devops.exceptions import AzureDevOpsServiceError  # noqa: PLC0415
    from azure.devops.v7_1.work_item_tracking.models import Wiql  # noqa: PLC0415

    def ask() -> None:
        _client(site.url, "ann-token").clients_v7_1.get_work_item_tracking_client().query_by_wiql(Wiql(query=query))

    with pytest.raises(AzureDevOpsServiceError, match=words):
        await asyncio.to_thread(ask)


async def test_it_is_told_of_a_wrong_token(site: AzureSite) -> None:
    from azure.devops.exceptions import AzureDevOpsAuthenticationError  # noqa: PLC0415

    def ask() -> None:
        _client(site.url, "wrong-token").clients_v7_1.get_core_client().get_projects()

    with pytest.raises(AzureDevOpsAuthenticationError):
        await asyncio.to_thread(ask)
