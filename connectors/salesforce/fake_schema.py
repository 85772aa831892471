"""What objects and fields the fake org has, in the form in which a describe tells them."""

from dataclasses import dataclass, field

from pydantic import JsonValue

Object = dict[str, JsonValue]


@dataclass(frozen=True)
class Picklist:
    values: tuple[str, ...]
    default: str = ""
    restricted: bool = False


@dataclass(frozen=True, eq=False)
class Column:
    """A field. `to` are the objects that a reference may name; `max` counts bytes for comments and characters elsewhere."""

    name: str
    label: str
    type: str = "string"
    max: int = 255
    writable: bool = True
    required: bool = False
    filterable: bool = True
    to: tuple[str, ...] = ()
    relation: str = ""
    picklist: Picklist | None = None
    name_field: bool = False
    auto_number: bool = False
    html: bool = False
    external: bool = False
    updateable: bool = True

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")


@dataclass(frozen=True, eq=False)
class Table:
    name: str
    label: str
    prefix: str
    columns: tuple[Column, ...]
    record_types: tuple[tuple[str, str], ...] = ()
    limited: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict[str, dict[str, tuple[str, ...]]])
    feed: str = ""

    def column(self, name: str) -> Column | None:
        return next((one for one in self.columns if one.name.casefold() == name.casefold()), None)

    def relation(self, name: str) -> Column | None:
        return next((one for one in self.columns if one.relation and one.relation.casefold() == name.casefold()), None)


def _user(name: str, label: str, relation: str) -> Column:
    return Column(name, label, "reference", 18, writable=False, to=("User",), relation=relation)


AUDIT = (
    Column("Id", "Record ID", "id", 18, writable=False),
    Column("IsDeleted", "Deleted", "boolean", writable=False),
    Column("CreatedDate", "Created Date", "datetime", writable=False),
    _user("CreatedById", "Created By ID", "CreatedBy"),
    Column("LastModifiedDate", "Last Modified Date", "datetime", writable=False),
    _user("LastModifiedById", "Last Modified By ID", "LastModifiedBy"),
    Column("SystemModstamp", "System Modstamp", "datetime", writable=False),
)
OWNER = Column("OwnerId", "Owner ID", "reference", 18, to=("Group", "User"), relation="Owner")
RECORD_TYPE = Column("RecordTypeId", "Record Type ID", "reference", 18, to=("RecordType",), relation="RecordType")
MARKER = Column("Twinline_Id__c", "Twinline Id", max=80, external=True)
EXTERNAL = Column("External_Id__c", "External Id", max=80, external=True)
STATUSES = ("New", "Working", "Escalated", "Closed")

CASE = Table(
    "Case",
    "Case",
    "500",
    (
        *AUDIT,
        Column("CaseNumber", "Case Number", max=30, writable=False, name_field=True, auto_number=True),
        Column("Subject", "Subject"),
        Column("Description", "Description", "textarea", 32000, filterable=False),
        Column("Status", "Status", "picklist", picklist=Picklist(STATUSES, "New")),
        Column("Priority", "Priority", "picklist", picklist=Picklist(("High", "Medium", "Low"), "Medium")),
        Column("Type", "Case Type", "picklist", picklist=Picklist(("Mechanical", "Electrical", "Other"))),
        Column("Origin", "Case Origin", "picklist", picklist=Picklist(("Phone", "Email", "Web"))),
        Column("Reason", "Case Reason", "picklist", picklist=Picklist(("Installation", "Breakdown"))),
        OWNER,
        RECORD_TYPE,
        Column("ContactId", "Contact ID", "reference", 18, to=("Contact",), relation="Contact"),
        Column("AccountId", "Account ID", "reference", 18, to=("Account",), relation="Account"),
        Column("ParentId", "Parent Case ID", "reference", 18, to=("Case",), relation="Parent"),
        Column("SuppliedName", "Web Name", max=80),
        Column("SuppliedEmail", "Web Email", "email", 80),
        Column("IsClosed", "Closed", "boolean", writable=False),
        Column("IsEscalated", "Escalated", "boolean"),
        Column("ClosedDate", "Date/Time Closed", "datetime", writable=False),
        Column("Severity__c", "Severity", "picklist", picklist=Picklist(("S1", "S2"), restricted=True)),
        Column("Products__c", "Products", "multipicklist", 4099, picklist=Picklist(("Lamp", "Printer", "Cable"), restricted=True)),
        Column("Cost__c", "Cost", "double"),
        Column("Due__c", "Due", "date"),
        Column("Visit__c", "Visit", "datetime"),
        Column("Billable__c", "Billable", "boolean"),
        Column("Link__c", "Link", "url"),
        Column("Second_Email__c", "Second Email", "email", 80),
        Column("Notes__c", "Notes", "textarea", 131072, filterable=False, html=True),
        Column("Expert__c", "Expert", "reference", 18, to=("User",), relation="Expert__r"),
        Column("Size__c", "Size", max=10),
        Column("Total__c", "Total", "double", writable=False),
        EXTERNAL,
        MARKER,
    ),
    (("Support", "Support"), ("Internal_Request", "Internal Request")),
    {"Internal_Request": {"Status": ("New", "Closed"), "Type": ("Other",)}},
    feed="FeedItem",
)
INCIDENT = Table(
    "Incident_Report__c",
    "Incident Report",
    "a00",
    (
        *AUDIT,
        Column("Name", "Report Name", max=80, name_field=True),
        Column("Description__c", "Description", "textarea", 32768, filterable=False, html=True),
        Column("Status__c", "Status", "picklist", picklist=Picklist(("Open", "Doing", "Done"), "Open", restricted=True)),
        Column("Due_Date__c", "Due Date", "date"),
        OWNER,
        MARKER,
    ),
    feed="FeedItem",
)
NOTE = Table(
    "Memo__c",
    "Memo",
    "a01",
    (
        *AUDIT,
        Column("Name", "Memo Name", max=80, name_field=True),
        Column("Description__c", "Description", "textarea", 32768, filterable=False),
        Column("Due_Date__c", "Due Date", "datetime"),
        Column("SuppliedName", "Web Name", max=80, updateable=False),
        OWNER,
    ),
)
BARE = Table("Tag__c", "Tag", "a02", (*AUDIT, Column("Name", "Tag Name", max=80, name_field=True), OWNER))
COMMENT = Table(
    "CaseComment",
    "Case Comment",
    "00a",
    (
        *AUDIT,
        Column("ParentId", "Parent ID", "reference", 18, required=True, to=("Case",), relation="Parent", updateable=False),
        Column("CommentBody", "Body", "textarea", 4000, required=True, filterable=False),
        Column("IsPublished", "Published", "boolean"),
    ),
)
POST = Table(
    "FeedItem",
    "Feed Item",
    "0D5",
    (
        *AUDIT,
        Column("ParentId", "Parent ID", "reference", 18, required=True, to=("Case", "Incident_Report__c"), relation="Parent"),
        Column("Type", "Feed Item Type", "picklist", picklist=Picklist(("TextPost", "TrackedChange"), "TextPost")),
        Column("Body", "Body", "textarea", 10000, filterable=False),
        Column("IsRichText", "Is Rich Text", "boolean"),
        Column("Visibility", "Visibility", "picklist", picklist=Picklist(("AllUsers", "InternalUsers"), "InternalUsers", restricted=True)),
        Column("LastEditDate", "Last Edit Date", "datetime", writable=False),
    ),
)
USER = Table(
    "User",
    "User",
    "005",
    (
        *AUDIT,
        Column("Name", "Full Name", max=121, name_field=True),
        Column("Email", "Email", "email", 128),
        Column("Username", "Username", max=80),
        Column("FirstName", "First Name", max=40),
        Column("LastName", "Last Name", max=80),
        Column("Alias", "Alias", max=8),
        Column("TimeZoneSidKey", "Time Zone", "picklist", picklist=Picklist(("GMT", "Europe/Berlin"), "GMT")),
        Column("IsActive", "Active", "boolean"),
    ),
)
GROUP = Table(
    "Group",
    "Group",
    "00G",
    (
        *AUDIT,
        Column("Name", "Name", max=40, name_field=True),
        Column("Email", "Email", "email", 128),
        Column("Type", "Type", "picklist", picklist=Picklist(("Queue", "Regular"))),
    ),
)
CONTACT = Table(
    "Contact",
    "Contact",
    "003",
    (
        *AUDIT,
        Column("Name", "Full Name", max=121, name_field=True, writable=False),
        Column("FirstName", "First Name", max=40),
        Column("LastName", "Last Name", max=80, required=True),
        Column("Email", "Email", "email", 80),
        Column("Phone", "Business Phone", "phone", 40),
        Column("Title", "Title", max=128),
        Column("Department", "Department", max=80),
        Column("Description", "Contact Description", "textarea", 32000, filterable=False),
        Column("AccountId", "Account ID", "reference", 18, to=("Account",), relation="Account"),
        EXTERNAL,
        OWNER,
    ),
)
ACCOUNT = Table(
    "Account",
    "Account",
    "001",
    (
        *AUDIT,
        Column("Name", "Account Name", name_field=True, required=True),
        Column("Type", "Account Type", "picklist", picklist=Picklist(("Prospect", "Customer", "Partner"))),
        Column("Industry", "Industry", "picklist", picklist=Picklist(("Energy", "Retail", "Technology"))),
        Column("AccountNumber", "Account Number", max=40),
        Column("Phone", "Account Phone", "phone", 40),
        Column("Website", "Website", "url"),
        Column("BillingCity", "Billing City", max=40),
        Column("Description", "Account Description", "textarea", 32000, filterable=False),
        Column("ParentId", "Parent Account ID", "reference", 18, to=("Account",), relation="Parent"),
        EXTERNAL,
        OWNER,
    ),
)
ORGANIZATION = Table(
    "Organization",
    "Organization",
    "00D",
    (
        *AUDIT,
        Column("Name", "Name", max=80, name_field=True),
        Column("IsSandbox", "Is Sandbox", "boolean", writable=False),
        Column("InstanceName", "Instance Name", max=5, writable=False),
        Column("OrganizationType", "Edition", max=40, writable=False),
    ),
)
RECORD_TYPES = Table(
    "RecordType",
    "Record Type",
    "012",
    (*AUDIT, Column("Name", "Name", name_field=True), Column("DeveloperName", "API Name"), Column("SobjectType", "Object")),
)
CASE_STATUS = Table(
    "CaseStatus",
    "Case Status Value",
    "03J",
    (
        *AUDIT,
        Column("ApiName", "API Name"),
        Column("MasterLabel", "Master Label", name_field=True),
        Column("IsClosed", "Closed", "boolean"),
        Column("IsDefault", "Default", "boolean"),
        Column("SortOrder", "Sort Order", "int"),
    ),
)
VERSION = Table(
    "ContentVersion",
    "Content Version",
    "068",
    (
        *AUDIT,
        Column("ContentDocumentId", "ContentDocument ID", "reference", 18, to=("ContentDocument",), relation="ContentDocument"),
        Column("Title", "Title"),
        Column("PathOnClient", "Path On Client", max=500),
        Column("Description", "Description", "textarea", 1000),
        Column("FirstPublishLocationId", "First Publish Location ID", "reference", 18, to=("Case", "Incident_Report__c", "User")),
        Column("FileExtension", "File Extension", writable=False),
        Column("ContentSize", "Size", "int", writable=False),
        Column("IsLatest", "Is Latest", "boolean", writable=False),
        Column("VersionData", "Version Data", "base64", filterable=False),
    ),
)
DOCUMENT = Table(
    "ContentDocument",
    "Content Document",
    "069",
    (
        *AUDIT,
        Column("Title", "Title", name_field=True),
        Column("Description", "Description", "textarea", 1000),
        Column("FileExtension", "File Extension", writable=False),
        Column("ContentSize", "Size", "int", writable=False),
        Column("LatestPublishedVersionId", "Version ID", "reference", 18, to=("ContentVersion",), relation="LatestPublishedVersion"),
        OWNER,
    ),
)
LINK = Table(
    "ContentDocumentLink",
    "Content Document Link",
    "06A",
    (
        *AUDIT,
        Column("ContentDocumentId", "ContentDocument ID", "reference", 18, to=("ContentDocument",), relation="ContentDocument"),
        Column("LinkedEntityId", "Linked Entity ID", "reference", 18, to=("Case", "Incident_Report__c", "User")),
        Column("ShareType", "Share Type", "picklist", picklist=Picklist(("V", "C", "I"), "V")),
        Column("Visibility", "Visibility", "picklist", picklist=Picklist(("AllUsers", "InternalUsers"), "AllUsers")),
    ),
)
ATTACHMENT = Table(
    "Attachment",
    "Attachment",
    "00P",
    (
        *AUDIT,
        Column(
            "ParentId", "Parent ID", "reference", 18, required=True, to=("Case", "Incident_Report__c"), relation="Parent", updateable=False
        ),
        Column("Name", "File Name", required=True, name_field=True),
        Column("ContentType", "Content Type", max=120),
        Column("Description", "Description", "textarea", 500),
        Column("IsPrivate", "Private", "boolean"),
        Column("BodyLength", "Body Length", "int", writable=False),
        Column("Body", "Body", "base64", required=True, filterable=False, updateable=False),
        OWNER,
    ),
)
TABLES = {
    one.name: one
    for one in (
        CASE, INCIDENT, NOTE, BARE, COMMENT, POST, USER, GROUP, CONTACT, ACCOUNT, RECORD_TYPES, CASE_STATUS, VERSION, DOCUMENT, LINK,
        ATTACHMENT, ORGANIZATION,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Child:
    """A child relationship: the `field` of `table` that names the parent."""

    parent: str
    name: str
    table: str
    field: str


CHILDREN = (
    Child("Account", "Cases", "Case", "AccountId"),
    Child("Account", "Contacts", "Contact", "AccountId"),
    Child("Case", "Attachments", "Attachment", "ParentId"),
    Child("Case", "Cases", "Case", "ParentId"),
    Child("Case", "CaseComments", "CaseComment", "ParentId"),
    Child("Case", "ContentDocumentLinks", "ContentDocumentLink", "LinkedEntityId"),
    Child("Case", "Feeds", "FeedItem", "ParentId"),
    Child("Contact", "Cases", "Case", "ContactId"),
)


def child_of(parent: Table, name: str) -> Child | None:
    return next((one for one in CHILDREN if one.parent == parent.name and one.name.casefold() == name.casefold()), None)


ITEMS = ("Case", "Incident_Report__c", "Memo__c", "Tag__c")


def table(name: str) -> Table | None:
    return next((one for key, one in TABLES.items() if key.casefold() == name.casefold()), None)


def describe_column(column: Column, *, editable: bool = True) -> Object:
    """One entry of `fields`; `editable` is what field-level security says."""
    offered, writable = column.picklist or Picklist(()), column.writable and editable
    values: list[JsonValue] = [
        {"active": True, "defaultValue": one == offered.default, "label": one, "validFor": None, "value": one} for one in offered.values
    ]
    return {
        "aggregatable": True, "autoNumber": column.auto_number, "byteLength": column.max * 3, "calculated": False,
        "caseSensitive": False, "createable": writable, "custom": column.custom, "defaultedOnCreate": bool(offered.default),
        "dependentPicklist": False, "deprecatedAndHidden": False, "digits": 0, "externalId": column.external,
        "extraTypeInfo": ("richtextarea" if column.html else "plaintextarea") if column.type == "textarea" else None,
        "filterable": column.filterable, "htmlFormatted": column.html, "idLookup": column.external or column.name == "Id",
        "label": column.label, "length": column.max if column.type not in {"boolean", "double", "date", "datetime"} else 0,
        "name": column.name, "nameField": column.name_field, "namePointing": len(column.to) > 1, "nillable": not column.required,
        "picklistValues": values, "polymorphicForeignKey": len(column.to) > 1, "precision": 0, "referenceTo": [*column.to],
        "relationshipName": column.relation or None, "restrictedPicklist": offered.restricted, "scale": 0, "soapType": "xsd:string",
        "sortable": column.filterable, "type": column.type, "unique": column.external, "updateable": writable and column.updateable,
    }  # fmt: skip
