"""What other integrations use of an account: many tickets at once, counts, OAuth clients, the page for people."""

import pytest
from zendesk_site import SECRET, ZendeskSite


async def test_many_tickets_are_changed_by_a_job(site: ZendeskSite) -> None:
    answer = await site.call(
        "ann", "PUT", "/tickets/update_many.json?ids=1,2,3,99", {"ticket": {"additional_tags": ["vip"], "priority": "low"}}
    )
    job = answer.json()["job_status"]
    assert [(one["id"], one["success"]) for one in job["results"]] == [(1, True), (2, True), (3, False), (99, False)]
    assert (await site.call("ann", "GET", f"/job_statuses/{job['id']}.json")).json()["job_status"]["status"] == "completed"
    assert (await site.call("ann", "GET", "/job_statuses/nothing")).status_code == 404
    assert ((await site.raw("2"))["tags"], (await site.raw("2"))["priority"]) == (["billing", "vip"], "low")
    each = [{"id": 1, "remove_tags": ["vip"]}, {"id": 2, "subject": "By a job"}]
    await site.call("ann", "PUT", "/tickets/update_many", {"tickets": each})
    assert ("vip" in str((await site.raw("1"))["tags"]), (await site.raw("2"))["subject"]) == (False, "By a job")
    gone = await site.call("ann", "DELETE", "/tickets/destroy_many?ids=2,99")
    assert [one["success"] for one in gone.json()["job_status"]["results"]] == [True, False]
    assert (await site.call("ann", "GET", "/tickets/2")).status_code == 404
    many = ",".join(map(str, range(101)))
    assert (await site.call("ann", "DELETE", f"/tickets/destroy_many?ids={many}")).status_code == 400


async def test_counts_and_single_groups(site: ZendeskSite) -> None:
    assert (await site.call("ann", "GET", "/users/count")).json()["count"]["value"] == 4
    assert (await site.call("ann", "GET", "/groups/count")).json()["count"]["value"] == 2
    group = (await site.call("ann", "GET", "/groups/assignable")).json()["groups"][0]
    assert (await site.call("ann", "GET", f"/groups/{group['id']}")).json()["group"]["name"] == "Support"
    assert (await site.call("ann", "GET", "/groups/1")).status_code == 404


@pytest.mark.parametrize("more", [{"grant_type": "client_credentials"}, {"grant_type": "refresh_token", "refresh_token": SECRET}])
async def test_the_secret_is_that_of_any_oauth_client(site: ZendeskSite, more: dict[str, str]) -> None:
    form = {"client_id": "any", "client_secret": SECRET, **more}
    for body in ({"json": form}, {"data": form}):
        token = (await site.client.post("/oauth/tokens", **body)).json()["access_token"]  # pyright: ignore[reportArgumentType]
        me = await site.client.get("/api/v2/users/me.json", headers={"Authorization": f"Bearer {token}"})
        assert me.json()["user"]["name"] == "Twinline"
    assert (await site.client.post("/oauth/tokens", json={**form, "client_secret": "wrong"})).status_code == 401
    if "refresh_token" in more:
        assert (await site.client.post("/oauth/tokens", json={**form, "refresh_token": "wrong"})).status_code == 400
    assert (await site.client.post("/oauth/tokens", json={**form, "grant_type": "password"})).status_code == 400


async def test_a_page_shows_tickets_to_people(site: ZendeskSite) -> None:
    page = (await site.client.get("/")).text
    for words in (
        "#1: Anvil arrives bent",
        "<dd>Bob Baker</dd>",
        "<dd>prod_anvil</dd>",
        "(internal)</small><pre>Third bent one this",
    ):
        assert words in page


async def test_ticket_fields_come_and_go(site: ZendeskSite) -> None:
    options = [{"name": "Red", "value": "colour_red"}, {"name": "Blue", "value": "colour_blue"}]
    wanted = {"type": "tagger", "title": "Colour", "custom_field_options": options}
    made = await site.call("ann", "POST", "/ticket_fields", {"ticket_field": wanted})
    field = made.json()["ticket_field"]
    assert (made.status_code, made.headers["location"], field["removable"]) == (201, field["url"], True)
    await site.edit("ann", "1", custom_fields=[{"id": field["id"], "value": "colour_red"}])
    assert {"id": field["id"], "value": "colour_red"} in (await site.call("ann", "GET", "/tickets/1")).json()["ticket"]["custom_fields"]
    changed = await site.call("ann", "PUT", f"/ticket_fields/{field['id']}", {"ticket_field": {"title": "Paint", "type": "text"}})
    shown = changed.json()["ticket_field"]
    assert (shown["title"], shown["type"], len(shown["custom_field_options"])) == ("Paint", "tagger", 2)
    assert (await site.call("ann", "DELETE", f"/ticket_fields/{field['id']}")).status_code == 204
    assert (await site.call("ann", "GET", f"/ticket_fields/{field['id']}")).status_code == 404


async def test_a_ticket_field_that_makes_no_sense_is_refused(site: ZendeskSite) -> None:
    for wanted in ({"type": "text"}, {"type": "colour", "title": "x"}, {"type": "tagger", "title": "x"}):
        assert (await site.call("ann", "POST", "/ticket_fields", {"ticket_field": wanted})).status_code == 422
    assert (await site.call("bob", "POST", "/ticket_fields", {"ticket_field": {"type": "text", "title": "x"}})).status_code == 403
    system = next(one for one in (await site.call("ann", "GET", "/ticket_fields")).json()["ticket_fields"] if not one["removable"])
    assert (await site.call("ann", "DELETE", f"/ticket_fields/{system['id']}")).status_code == 403
