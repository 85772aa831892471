"""What the fake org tells of its objects: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm."""

from email.utils import format_datetime, parsedate_to_datetime

from pydantic import JsonValue

from connectors.salesforce.fake_call import Call, Reply, not_found
from connectors.salesforce.fake_schema import CHILDREN, TABLES, Object, Table, describe_column
from connectors.salesforce.fake_world import World

MASTER = "012000000000000AAA"
SCOPES: tuple[JsonValue, ...] = ({"label": "All", "name": "everything"}, {"label": "My", "name": "mine"})


def _told(call: Call, whole: Table) -> Object:
    """What a list of objects and a describe have in common."""
    base = f"{call.base}/sobjects/{whole.name}"
    custom = whole.name.endswith("__c")
    parts = (
        "describe",
        "describe/layouts",
        "describe/compactLayouts",
        "describe/approvalLayouts",
        "listviews",
        "quickActions",
    )
    return {
        "activateable": False, "associateEntityType": None, "associateParentEntity": None, "createable": call.world.may(whole, "Create"),
        "custom": custom, "customSetting": False, "deepCloneable": False, "deletable": True, "deprecatedAndHidden": False,
        "feedEnabled": bool(whole.feed), "hasSubtypes": False, "isInterface": False, "isSubtype": False, "keyPrefix": whole.prefix,
        "label": whole.label, "labelPlural": f"{whole.label}s", "layoutable": True,
        "mergeable": whole.name in {"Account", "Case", "Contact"},
        "mruEnabled": True, "name": whole.name, "queryable": True, "replicateable": True, "retrieveable": True,
        "searchable": True, "triggerable": True, "undeletable": True, "updateable": call.world.may(whole, "Edit"),
        "urls": {
            "sobject": base, "rowTemplate": f"{base}/{{ID}}",
            **{part.rpartition("/")[2]: f"{base}/{part}" for part in parts},
        },
    }  # fmt: skip


async def objects(call: Call) -> Reply:
    told: list[JsonValue] = [_told(call, one) for one in TABLES.values() if call.world.table(one.name)]
    return Reply(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": told})


async def basic(call: Call) -> Reply:
    """https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_basic_info_get.htm"""
    return Reply(200, {"objectDescribe": _told(call, call.table()), "recentItems": []})


async def describe(call: Call) -> Reply:
    """https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/sobject_describe_with_ifmodified_header.htm."""
    whole, changed = call.table(), call.world.started.replace(microsecond=0)
    headers = {"Last-Modified": format_datetime(changed, usegmt=True)}
    since = call.headers.get("if-modified-since")
    if since and parsedate_to_datetime(since) >= changed:
        return Reply(304, headers=headers)
    columns: list[JsonValue] = [describe_column(one, editable=call.world.may_write(whole, one)) for one in call.world.columns(whole)]
    children: list[JsonValue] = [
        {"childSObject": one.table, "field": one.field, "relationshipName": one.name, "cascadeDelete": False, "deprecatedAndHidden": False,
         "junctionIdListNames": [], "junctionReferenceTo": [], "restrictedDelete": False}
        for one in CHILDREN
        if one.parent == whole.name
    ]  # fmt: skip
    body: Object = {
        **_told(call, whole), "actionOverrides": [], "childRelationships": children, "compactLayoutable": True, "fields": columns,
        "listviewable": None, "lookupLayoutable": None, "namedLayoutInfos": [], "networkScopeFieldName": None,
        "recordTypeInfos": [*_kinds(call.world, whole)], "searchLayoutable": True, "supportedScopes": [*SCOPES],
    }  # fmt: skip
    return Reply(200, body, headers)


def _kinds(world: World, whole: Table) -> list[Object]:
    kinds: list[Object] = [
        {"active": True, "available": True, "defaultRecordTypeMapping": number == 0, "developerName": api_name, "master": False,
         "name": label, "recordTypeId": world.record_type(api_name).id, "urls": {}}
        for number, (api_name, label) in enumerate(whole.record_types)
    ]  # fmt: skip
    master: Object = {"active": True, "available": True, "defaultRecordTypeMapping": not kinds, "developerName": "Master",
                      "master": True, "name": "Master", "recordTypeId": MASTER, "urls": {}}  # fmt: skip
    return [*kinds, master]


async def layouts(call: Call) -> Reply:
    """One layout with all fields below each other, for every record type.

    https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_layouts.htm
    """
    whole = call.table()
    rows: list[JsonValue] = [
        {"numItems": 1, "layoutItems": [
            {"editableForNew": one.writable, "editableForUpdate": one.writable and one.updateable, "label": one.label,
             "layoutComponents": [{"type": "Field", "value": one.name, "displayLines": 1, "tabOrder": place, "components": [],
                                   "details": describe_column(one)}],
             "placeholder": False, "required": one.required}]}
        for place, one in enumerate(call.world.columns(whole), 1)
    ]  # fmt: skip
    section: Object = {
        "columns": 1,
        "rows": len(rows),
        "layoutRows": rows,
        "heading": "Information",
        "useHeading": False,
        "useCollapsibleSection": False,
    }
    layout: Object = {"id": "00h000000000001AAA", "detailLayoutSections": [section], "editLayoutSections": [section], "relatedLists": []}
    if len(call.path) > 4:
        return Reply(200, layout)
    kinds: list[JsonValue] = [
        {**{name: one[name] for name in ("available", "developerName", "master", "name", "recordTypeId")},
         "defaultRecordTypeMapping": one["defaultRecordTypeMapping"], "layoutId": layout["id"], "picklistsForRecordType": []}
        for one in _kinds(call.world, whole)
    ]  # fmt: skip
    return Reply(200, {"layouts": [layout], "recordTypeMappings": kinds, "recordTypeSelectorRequired": [False]})


async def none(call: Call) -> Reply:
    """Compact layouts, approval layouts, list views and quick actions: the org has made none."""
    name, base = call.path[-1], f"{call.base}/sobjects/{call.table().name}"
    known: dict[str, JsonValue] = {
        "compactlayouts": {"compactLayouts": [], "defaultCompactLayoutId": None, "recordTypeCompactLayoutMappings": [],
                           "urls": {"primary": f"{base}/describe/compactLayouts/primary"}},
        "approvallayouts": {"approvalLayouts": []},
        "listviews": {"done": True, "listviews": [], "nextRecordsUrl": None, "size": 0, "sobjectType": call.table().name},
        "quickactions": [],
    }  # fmt: skip
    return Reply(200, known[name.lower()])


async def picklists(call: Call) -> Reply:
    """`/ui-api/object-info/{object}/picklist-values/{record type}`."""
    whole = TABLES.get(call.path[2])
    kind = call.world.get(call.path[4])
    if whole is None or kind is None:
        raise not_found()
    limits = whole.limited.get(str(kind.values["DeveloperName"]), {})
    values: Object = {
        one.name: {"values": [{"label": value, "value": value, "validFor": []} for value in limits.get(one.name, one.picklist.values)]}
        for one in call.world.columns(whole)
        if one.picklist
    }
    return Reply(200, {"picklistFieldValues": values})
