"""`quality.toml`: what a connector says of itself to people, in one vocabulary, and whether that agrees with what it tells the engine."""

import tomllib
from importlib.resources import files
from typing import Literal

from pydantic import Field, ValidationError

from connectors.kit.conformance.capability import FREE, Capability, declared
from connectors.kit.interface import Capabilities
from model.errors import Misconfigured
from model.frozen import Frozen

FILE = "quality.toml"
Evidence = Literal["client_library", "openapi", "examples", "real_server", "end_to_end"]


class Quality(Frozen, strict=True):
    """The whole file.

    `supported` has a note for each capability that the suite proves against the connector's own fake, and `missing` says of every other one
    why it is not there; further names in `missing` are of the connector's own choice. `further` is what its own tests prove beyond the
    suite, `evidence` what it was compared with, `unverified` what no documentation settles. `tried_on` names the real sites that it was
    run against, none if it never was.
    """

    platform: str = Field(min_length=1)
    versions: list[str] = Field(min_length=1)
    tried_on: list[str]
    fields_written: list[str] = Field(min_length=1)
    supported: dict[str, str]
    further: dict[str, str] = {}
    evidence: dict[Evidence, str] = {}
    unverified: dict[str, str] = {}
    missing: dict[str, str]


def parse(text: str, of: str) -> Quality:
    """Misconfigured with every fault if it has not that form; `of` names the file's package."""
    try:
        return Quality.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{FILE} of {of} is not TOML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors())
        raise Misconfigured(f"{FILE} of {of}: {faults}") from error


def load(package: str) -> Quality:
    """The file in the connector's package."""
    return parse(files(package).joinpath(FILE).read_text(encoding="utf-8"), package)


def faults(quality: Quality, capabilities: Capabilities) -> list[str]:
    """Where the file and the declaration disagree, or the file says nothing of a capability; empty if all is well."""
    known, told, absent = {str(one) for one in Capability}, set(quality.supported), set(quality.missing)
    wanted = {str(one) for one in declared(capabilities)}
    allowed = wanted | {str(one) for one in FREE}
    found = [f"[supported] {name!r} is no capability; the names are: {', '.join(sorted(known))}" for name in sorted(told - known)]
    found += [f"the declaration has {name!r}, which [supported] does not name" for name in sorted(wanted - told)]
    found += [f"[supported] names {name!r}, which the declaration does not have" for name in sorted((told & known) - allowed)]
    found += [f"{name!r} is in [supported] and in [missing]" for name in sorted(told & absent & known)]
    found += [f"nothing is said of {name!r}; put it into [supported] or [missing]" for name in sorted(known - told - absent - wanted)]
    said, writable = set(quality.fields_written), set(capabilities.writable)
    if said != writable:
        found.append(f"fields_written and the declaration's writable differ in: {', '.join(sorted(said ^ writable))}")
    return found
