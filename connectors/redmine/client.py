"""The calls to Redmine's REST API, typed, one method each. Nothing is decided here.

https://www.redmine.org/projects/redmine/wiki/Rest_api
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, JsonValue, ValidationError

from connectors.kit import rest
from connectors.kit.http import Answer, Body, Http, Parameters
from connectors.kit.interface import SystemAccess
from connectors.redmine.payloads import (
    ActivitiesAnswer,
    ActivityPayload,
    IssueAnswer,
    IssuePage,
    IssuePayload,
    MembershipPage,
    PrioritiesAnswer,
    PriorityPayload,
    ProjectAnswer,
    ProjectPage,
    ProjectPayload,
    RoleAnswer,
    RolePayload,
    StatusesAnswer,
    StatusPayload,
    TimeEntryAnswer,
    TimeEntryPage,
    TimeEntryPayload,
    TrackerPayload,
    TrackersAnswer,
    UploadAnswer,
    UserAnswer,
    UserPayload,
)
from connectors.redmine.refusals import explain
from model.errors import Ambiguous, Unavailable

PAGE = 100
WHOLE = "journals,attachments,relations,allowed_statuses"

Model = TypeVar("Model", bound=BaseModel)


class RedmineClient:
    """One account of one Redmine."""

    def __init__(self, access: SystemAccess) -> None:
        self.name = access.name
        self._http = Http(
            access.name,
            access.url,
            {"Accept": "application/json", "X-Redmine-API-Key": access.credentials["key"]},
            lambda answer: explain(access.name, answer),
            access.calls_per_second,
            quota_share=access.quota_share,
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        return await rest.look(self._http, question)

    async def myself(self) -> UserPayload:
        return (await self._get(UserAnswer, "/users/current.json")).user

    async def memberships_of_myself(self) -> UserPayload:
        """The account with its projects and roles."""
        return (await self._get(UserAnswer, "/users/current.json", {"include": "memberships"})).user

    async def role(self, role_id: int) -> RolePayload:
        return (await self._get(RoleAnswer, f"/roles/{role_id}.json")).role

    async def user(self, user_id: int) -> UserPayload:
        return (await self._get(UserAnswer, f"/users/{user_id}.json")).user

    async def project(self, identifier: str) -> ProjectPayload:
        return (await self._get(ProjectAnswer, f"/projects/{identifier}.json", {"include": "trackers,enabled_modules"})).project

    async def projects(self) -> tuple[ProjectPayload, ...]:
        """The first hundred projects that the account sees."""
        return (await self._get(ProjectPage, "/projects.json", {"limit": PAGE})).projects

    async def memberships(self, identifier: str, offset: int) -> MembershipPage:
        return await self._get(MembershipPage, f"/projects/{identifier}/memberships.json", {"limit": PAGE, "offset": offset})

    async def statuses(self) -> tuple[StatusPayload, ...]:
        return (await self._get(StatusesAnswer, "/issue_statuses.json")).issue_statuses

    async def priorities(self) -> tuple[PriorityPayload, ...]:
        return (await self._get(PrioritiesAnswer, "/enumerations/issue_priorities.json")).issue_priorities

    async def trackers(self) -> tuple[TrackerPayload, ...]:
        return (await self._get(TrackersAnswer, "/trackers.json")).trackers

    async def issue(self, issue_id: str) -> IssuePayload:
        """With all journals, attachments and relations, and the statuses that the account may set next."""
        return (await self._get(IssueAnswer, f"/issues/{quote(issue_id, safe='')}.json", {"include": WHOLE})).issue

    async def issues(self, parameters: Parameters) -> IssuePage:
        return await self._get(IssuePage, "/issues.json", parameters)

    async def create(self, issue: dict[str, JsonValue]) -> IssuePayload:
        return self._parsed(IssueAnswer, await self._http.write("POST", "/issues.json", Body(json={"issue": issue})), write=True).issue

    async def update(self, issue_id: str, issue: dict[str, JsonValue]) -> None:
        """Redmine answers 204 without a body, also where it left a value aside."""
        await self._http.write("PUT", f"/issues/{quote(issue_id, safe='')}.json", Body(json={"issue": issue}))

    async def edit_journal(self, journal_id: str, notes: str) -> None:
        """Empty notes remove the note."""
        await self._http.write("PUT", f"/journals/{quote(journal_id, safe='')}.json", Body(json={"journal": {"notes": notes}}))

    async def add_relation(self, issue_id: str, other_id: str, kind: str) -> None:
        relation: dict[str, JsonValue] = {"issue_to_id": other_id, "relation_type": kind}
        await self._http.write("POST", f"/issues/{quote(issue_id, safe='')}/relations.json", Body(json={"relation": relation}))

    async def delete_relation(self, relation_id: str) -> None:
        await self._http.write("DELETE", f"/relations/{quote(relation_id, safe='')}.json")

    async def activities(self) -> tuple[ActivityPayload, ...]:
        return (await self._get(ActivitiesAnswer, "/enumerations/time_entry_activities.json")).time_entry_activities

    async def time_entries(self, issue_id: str) -> tuple[TimeEntryPayload, ...]:
        """All of that issue alone, oldest first."""
        found: list[TimeEntryPayload] = []
        while True:
            paging = {"issue_id": issue_id, "limit": PAGE, "offset": len(found), "sort": "created_on:asc"}
            page = await self._get(TimeEntryPage, "/time_entries.json", paging)
            found += page.time_entries
            if not page.time_entries or len(found) >= page.total_count:
                return tuple(found)

    async def newest_time(self, project: str, offset: int) -> TimeEntryPage:
        """Of the project and its subprojects, newest first."""
        parameters = {"project_id": project, "limit": PAGE, "offset": offset, "sort": "created_on:desc"}
        return await self._get(TimeEntryPage, "/time_entries.json", parameters)

    async def time_entry(self, entry_id: str) -> TimeEntryPayload:
        return (await self._get(TimeEntryAnswer, f"/time_entries/{quote(entry_id, safe='')}.json")).time_entry

    async def log_time(self, entry: dict[str, JsonValue]) -> TimeEntryPayload:
        answer = await self._http.write("POST", "/time_entries.json", Body(json={"time_entry": entry}))
        return self._parsed(TimeEntryAnswer, answer, write=True).time_entry

    async def edit_time(self, entry_id: str, entry: dict[str, JsonValue]) -> None:
        await self._http.write("PUT", f"/time_entries/{quote(entry_id, safe='')}.json", Body(json={"time_entry": entry}))

    async def delete_time(self, entry_id: str) -> None:
        await self._http.write("DELETE", f"/time_entries/{quote(entry_id, safe='')}.json")

    async def upload(self, filename: str, content: AsyncIterator[bytes]) -> str:
        """The token under which the file waits to be attached to something."""
        body = Body(content=content, content_type="application/octet-stream")
        answer = await self._http.write("POST", "/uploads.json", body, {"filename": filename})
        return self._parsed(UploadAnswer, answer, write=True).upload.token

    async def delete_attachment(self, attachment_id: str) -> None:
        await self._http.write("DELETE", f"/attachments/{quote(attachment_id, safe='')}.json")

    def download(self, path: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._http.stream(path)

    async def _get(self, model: type[Model], path: str, parameters: Parameters | None = None) -> Model:
        return self._parsed(model, await self._http.get(path, parameters), write=False)

    def _parsed(self, model: type[Model], answer: Answer, *, write: bool) -> Model:
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            message = f"{self.name}: {answer.url} answered {answer.status} with something that is not Redmine's; check the URL"
            raise (Ambiguous(message) if write else Unavailable(message)) from error
