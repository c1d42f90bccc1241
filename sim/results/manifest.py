"""The manifest of results: it ends with a checksum of itself, and is accepted only when it is intact and well-formed."""

import hashlib
import json
import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import Problem, UserError, reason
from sim.messages import Joined, Message, Words
from sim.regular_files import read_regular
from sim.scenario.parsing.scalars import dotted, shown

MANIFEST = "manifest.json"
MOST_BYTES = 128 * 1024 * 1024
"""Maximum size of a manifest, which contains whole scenarios with their cities."""
MOST_NAMED = 5
_SEAL = ',\n "checksum": "{}"\n}}\n'
_DIGITS = 32

Seed = Annotated[int, Field(ge=0, lt=2**63)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Text = Annotated[str, Field(max_length=20_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


class FileEntry(_Strict):
    """A file beside the manifest: its name, bytes and checksum."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$", max_length=200)]
    size: Annotated[int, Field(ge=0, lt=2**63)]
    blake2b: Digest


class Versions(_Strict):
    """Versions that made the results: the model, and packages by name."""

    __pydantic_extra__: dict[str, str]
    model: str


class Failure(_Strict):
    """A replicate that did not finish."""

    seed: Seed
    error: Text


class Manifest(_Strict):
    """The keys that are read from the manifest of a run or an experiment. Other keys are allowed."""

    scenario: Annotated[dict[str, Any], Field(min_length=1)]
    seeds: Annotated[list[Seed], Field(min_length=1)]
    content_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")]
    files: list[FileEntry]
    versions: Versions
    kind: Text = ""
    title: dict[str, Text] = {}
    question: Text = ""
    replicates: Annotated[int, Field(ge=1, lt=2**63)] = 1
    residents: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    run_key: Text = ""
    failures: list[Failure] = []
    interrupted: bool = False


def with_checksum(manifest: dict[str, Any]) -> bytes:
    """The manifest as text, with a checksum of its content at the end."""
    rest = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False)
    return (rest.removesuffix("\n}") + _SEAL.format(_digest(rest.encode()))).encode()


def read_manifest(folder: str | os.PathLike) -> dict[str, Any]:
    """Read the manifest of a folder of results; its size is checked before it is read, its checksum before it is parsed, then its form.

    Raises
    ------
    UserError
        When there is none, or it is too large, damaged, edited, or not of the form of `Manifest`.
    """
    path = Path(folder) / MANIFEST
    try:
        raw = read_regular(path, MOST_BYTES)
    except OSError as error:
        if isinstance(error, (FileNotFoundError, NotADirectoryError)):
            raise UserError("{path}: {why}; a folder of results has this file", path=path, why=reason(error)) from error
        raise UserError("{path}: {why}", path=path, why=reason(error)) from error
    if not _whole(raw):
        raise UserError("{path} is damaged or was edited: {why}", path=path, why=Message("its checksum does not match"))
    try:
        manifest = json.loads(raw)
        Manifest.model_validate(manifest)
    except (ValueError, RecursionError) as error:
        raise UserError("{path} is damaged or was edited: {why}", path=path, why=_why(error)) from None
    return manifest


def _whole(raw: bytes) -> bool:
    """Whether the checksum at the end matches the content."""
    tail = len(_SEAL.format("0" * _DIGITS))
    rest = raw[:-tail] + b"\n}"
    return len(raw) > tail and raw[-tail:] == _SEAL.format(_digest(rest)).encode()


def _digest(rest: bytes) -> str:
    return hashlib.blake2b(rest, digest_size=_DIGITS // 2).hexdigest()


def _why(error: Exception) -> Any:
    """The first validation problems."""
    if not isinstance(error, ValidationError):
        return Message("too deeply nested") if isinstance(error, RecursionError) else str(error)
    mistakes = error.errors(include_url=False)
    problems = [
        Problem(MANIFEST, None, None, dotted(one["loc"]), _got(one), one["msg"].removeprefix("Input should be ")).message
        for one in mistakes[:MOST_NAMED]
    ]
    return Joined(problems, "; ")


def _got(mistake: Any) -> Words:
    return Message("nothing") if mistake["type"] == "missing" else shown(mistake["input"])
