"""ServiceNow's answers, as far as they are used. Every value is text; a reference also has the name of what it leads to."""

from typing import cast

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator


class Payload(BaseModel):
    """Frozen; what ServiceNow says beyond this is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Cell(Payload):
    """One value, and how people see it. With `sysparm_display_value=false` it comes as a bare text."""

    value: str = ""
    display_value: str = ""

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, given: object) -> object:
        if isinstance(given, dict):
            return {name: "" if one is None else str(one) for name, one in cast("dict[str, object]", given).items()}
        text = "" if given is None else str(given)
        return {"value": text, "display_value": text}


class Row(RootModel[dict[str, Cell]]):
    """A record: columns that the account may not read are absent."""

    model_config = ConfigDict(frozen=True)

    def has(self, column: str) -> bool:
        return column in self.root

    def raw(self, column: str) -> str:
        return self.root[column].value if column in self.root else ""

    def shown(self, column: str) -> str:
        return self.root[column].display_value if column in self.root else ""

    @property
    def sys_id(self) -> str:
        return self.raw("sys_id")


class RowAnswer(Payload):
    result: Row


class RowsAnswer(Payload):
    result: tuple[Row, ...]


class AttachmentPayload(Payload):
    """`size_bytes` counts the file as it was sent. `hash` is its SHA-256 in hex, where the release tells it."""

    sys_id: str
    file_name: str = ""
    content_type: str | None = None
    size_bytes: str = "0"
    hash: str | None = None
    table_name: str = ""
    table_sys_id: str = ""
    sys_created_on: str = ""
    sys_created_by: str = ""


class AttachmentAnswer(Payload):
    result: AttachmentPayload


class AttachmentsAnswer(Payload):
    result: tuple[AttachmentPayload, ...]


class TokenAnswer(Payload):
    """`expires_in` is what is left of a token that was given before."""

    access_token: str = Field(min_length=1)
    expires_in: float = 0.0


class ErrorBody(Payload):
    message: str | None = None
    detail: str | None = None


class ErrorAnswer(Payload):
    error: ErrorBody | str = ErrorBody()
