"""What work items have to do with each other."""

from azure_site import PATCH, AzureSite, created

from connectors.azure_devops.connector import AzureDevOpsConnector


async def test_the_parent_changes_and_goes(azure: AzureDevOpsConnector) -> None:
    item_id = await created(azure, parentId="2")
    assert (await azure.update(item_id, {"parentId": "1"})).fields == {"parentId": "1"}
    assert (await azure.update(item_id, {"parentId": None})).fields == {"parentId": None}
    item = await azure.read(item_id)
    assert item.fields["parentId"] is None
    assert item.marker is not None


async def test_links_are_read_from_both_ends(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    first, second = await created(azure), await created(azure)
    relation = {"rel": "System.LinkTypes.Dependency-Forward", "url": f"{site.url}/_apis/wit/workItems/{second}"}
    patch = [{"op": "add", "path": "/relations/-", "value": relation}]
    assert (await site.call("ann", "PATCH", f"/_apis/wit/workitems/{first}", patch, PATCH)).status_code == 200
    forward = {"linkName": "Successor", "linkTypeName": "System.LinkTypes.Dependency", "isOutward": True, "otherIssueId": second}
    back = {"linkName": "Predecessor", "linkTypeName": "System.LinkTypes.Dependency", "isOutward": False, "otherIssueId": first}
    assert (await azure.read(first)).fields["issueLinks"] == [forward]
    assert (await azure.read(second)).fields["issueLinks"] == [back]
