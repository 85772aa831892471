"""What succeeds or fails as a whole: collections and composite calls with `allOrNone`, graphs, trees."""

from typing import Any

from salesforce_site import API, Site


async def _subjects(site: Site) -> list[str]:
    found = (await site.call("ann", "GET", "/query?q=SELECT+Subject+FROM+Case+ORDER+BY+Subject")).json()
    return [one["Subject"] for one in found["records"]]


def _case(subject: str, **more: str) -> dict[str, Any]:
    return {"attributes": {"type": "Case"}, "Subject": subject, **more}


async def test_a_collection_is_taken_back_if_one_record_fails(site: Site) -> None:
    kept = await site.made("Case", Subject="Kept")
    records = [_case("One"), _case("forbidden")]
    answer = await site.call("ann", "POST", "/composite/sobjects", {"allOrNone": True, "records": records})
    codes = [one["errors"][0]["statusCode"] for one in answer.json()]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "FIELD_CUSTOM_VALIDATION_EXCEPTION"]
    changes = [{"id": kept, **_case("Changed")}, {"id": kept, **_case("forbidden")}]
    assert not (await site.call("ann", "PATCH", "/composite/sobjects", {"allOrNone": True, "records": changes})).json()[0]["success"]
    gone = await site.call("ann", "DELETE", f"/composite/sobjects?ids={kept},500000000000999AAA&allOrNone=true")
    assert [one["success"] for one in gone.json()] == [False, False]
    assert await _subjects(site) == ["Kept"]
    assert [one["success"] for one in (await site.call("ann", "POST", "/composite/sobjects", {"records": records})).json()] == [True, False]
    assert await _subjects(site) == ["Kept", "One"]


def _requests(*subjects: str) -> list[dict[str, Any]]:
    return [
        {"method": "POST", "url": f"{API}/sobjects/Case", "referenceId": f"r{number}", "body": {"Subject": one}}
        for number, one in enumerate(subjects)
    ]


async def test_a_composite_call_is_taken_back_if_a_part_fails(site: Site) -> None:
    parts = _requests("One", "forbidden", "Two")
    told = (await site.call("ann", "POST", "/composite", {"allOrNone": True, "compositeRequest": parts})).json()["compositeResponse"]
    assert [one["body"][0]["errorCode"] for one in told] == ["PROCESSING_HALTED", "FIELD_CUSTOM_VALIDATION_EXCEPTION", "PROCESSING_HALTED"]
    assert await _subjects(site) == []
    assert (await site.call("ann", "POST", "/composite", {"compositeRequest": parts})).status_code == 200
    assert await _subjects(site) == ["One", "Two"]


async def test_graphs_fail_each_for_itself(site: Site) -> None:
    good = [
        *_requests("One"),
        {"method": "PATCH", "url": f"{API}/sobjects/Case/@{{r0.id}}", "referenceId": "x", "body": {"Priority": "Low"}},
    ]
    graphs = [{"graphId": "good", "compositeRequest": good}, {"graphId": "bad", "compositeRequest": _requests("Two", "forbidden")}]
    told = (await site.call("ann", "POST", "/composite/graph", {"graphs": graphs})).json()["graphs"]
    assert [(one["graphId"], one["isSuccessful"]) for one in told] == [("good", True), ("bad", False)]
    assert [one["httpStatusCode"] for one in told[0]["graphResponse"]["compositeResponse"]] == [201, 204]
    assert await _subjects(site) == ["One"]


def _tree(child: dict[str, str]) -> dict[str, Any]:
    leaf = {"attributes": {"type": "Contact", "referenceId": "leaf"}, **child}
    return {"records": [{"attributes": {"type": "Account", "referenceId": "root"}, "Name": "Tree", "Contacts": {"records": [leaf]}}]}


async def test_trees(site: Site) -> None:
    answer = await site.call("ann", "POST", "/composite/tree/Account", _tree({"LastName": "Leaf"}))
    told = answer.json()
    assert (answer.status_code, told["hasErrors"], [one["referenceId"] for one in told["results"]]) == (201, False, ["root", "leaf"])
    leaf = (await site.call("ann", "GET", f"/sobjects/Contact/{told['results'][1]['id']}")).json()
    assert leaf["AccountId"] == told["results"][0]["id"]
    refused = await site.call("ann", "POST", "/composite/tree/Account", _tree({"LastName": "Leaf", "Email": "nobody"}))
    [failed] = refused.json()["results"]
    assert (refused.status_code, failed["referenceId"], failed["errors"][0]["statusCode"]) == (400, "leaf", "INVALID_EMAIL_ADDRESS")
    found = (await site.call("ann", "GET", "/query?q=SELECT+COUNT()+FROM+Account+WHERE+Name='Tree'")).json()
    assert found["totalSize"] == 1
