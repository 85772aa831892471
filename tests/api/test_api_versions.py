from model.version import Version, VersionRecord
from operations.views import Published, VersionDifference, VersionPage
from tests.api.api_site import Site

VERSIONS = "/api/v1/connections/app-bugs/versions"


async def test_a_draft_is_begun_edited_compared_published_and_taken_back(site: Site):
    await site.post("/api/v1/deployment", site.content())
    drafted = await site.post(VERSIONS, {"note": "shorter"})
    edited = await site.post(f"{VERSIONS}/2/edit", {"left": {"outgoing": "replica.key = issue.key"}})
    compared = VersionDifference.model_validate_json((await site.get(f"{VERSIONS}/2/diff")).body)
    published = await site.post(f"{VERSIONS}/2/publish", {"why": "agreed"})
    back = Published.model_validate_json((await site.post(f"{VERSIONS}/1/rollback", {})).body)

    assert (drafted.status, edited.status, published.status) == (201, 200, 200)
    assert Version.model_validate_json(edited.body).configuration.left.outgoing == "replica.key = issue.key"
    assert "  +replica.key = issue.key" in compared.lines
    assert (back.version.number, back.former) == (3, 2)
    listed = VersionPage.model_validate_json((await site.get(VERSIONS)).body).versions
    assert [(one.number, one.status, one.note) for one in listed] == [
        (3, "Active", "version 1 again"),
        (2, "Archived", "agreed"),
        (1, "Archived", "applied as declared"),
    ]


async def test_what_is_not_there_and_what_may_not_be_changed(site: Site):
    await site.post("/api/v1/deployment", site.content())
    await site.post(VERSIONS, {})
    broken = await site.post(f"{VERSIONS}/2/edit", {"left": {"outgoing": "foo("}})
    gone = await site.post(f"{VERSIONS}/2/discard")

    assert (await site.get(f"{VERSIONS}/9")).status == 404
    assert (await site.post("/api/v1/connections/nope/versions", {})).status == 404
    assert (await site.post(f"{VERSIONS}/1/edit", {})).status == 400
    assert (broken.status, b"connections.app-bugs.left.outgoing line 1" in broken.body) == (400, True)
    assert VersionRecord.model_validate_json(gone.body).number == 2
    assert (await site.get(f"{VERSIONS}/2")).status == 404
