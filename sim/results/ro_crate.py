"""The metadata of a folder of results as an RO-Crate 1.1: its files, and the software, time and input that made them."""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from sim.metrics.columns import about_table
from sim.results.manifest import MANIFEST
from sim.version import VERSION

CRATE = "ro-crate-metadata.json"
CONTEXT, SPECIFICATION = "https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/crate/1.1"
FORMATS = {".parquet": "application/vnd.apache.parquet", ".csv": "text/csv", ".json": "application/json"}
WHOLE = "Scenario, seeds, versions, checksums: all that is needed to reproduce these results"

LICENCE = {
    "@id": "#licence",
    "@type": "CreativeWork",
    "name": "Not stated",
    "description": "Whoever made these results may choose a licence before publishing them",
}


def crate(manifest: dict[str, Any], files: Iterable[tuple[str, int]]) -> bytes:
    """The text of ``ro-crate-metadata.json``.

    Parameters
    ----------
    manifest : dict
        The manifest of the results.
    files : iterable of (str, int)
        Name and bytes of every table.
    """
    tables = [_file(name, manifest.get("kind", "")) | {"contentSize": str(size)} for name, size in files]
    ended = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    entities = [
        _descriptor(),
        _dataset(manifest, ended, [*tables, _file(MANIFEST)]),
        LICENCE,
        _software(),
        _action(manifest, ended, tables),
    ]
    graph = {"@context": CONTEXT, "@graph": [*entities, *tables, _file(MANIFEST)]}
    return (json.dumps(graph, ensure_ascii=False, indent=1) + "\n").encode()


def _descriptor() -> dict[str, Any]:
    return {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": SPECIFICATION}}


def _dataset(manifest: dict[str, Any], ended: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    name = manifest.get("title", {}).get("en") or manifest.get("name") or manifest["scenario"].get("name", "sanzhi")
    kind = manifest.get("kind", "run")
    description = manifest.get("question") or f"Results of sanzhi {kind}: {len(manifest['seeds'])} seeds"
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": name,
        "description": description,
        "identifier": manifest["content_hash"],
        "datePublished": ended,
        "license": {"@id": "#licence"},
        "hasPart": [_link(file) for file in files],
        "mentions": {"@id": "#run"},
    }


def _software() -> dict[str, Any]:
    return {"@id": "#sanzhi", "@type": "SoftwareApplication", "name": "sanzhi", "version": VERSION, "softwareVersion": VERSION}


def _action(manifest: dict[str, Any], ended: str, tables: list[dict[str, Any]]) -> dict[str, Any]:
    started = manifest.get("timings", {}).get("started")
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"sanzhi {manifest.get('kind', 'run')}",
        "instrument": {"@id": "#sanzhi"},
        "object": {"@id": MANIFEST},
        "result": [_link(table) for table in tables],
        **({"startTime": started} if started else {}),
        "endTime": ended,
    }


def _file(name: str, kind: str = "") -> dict[str, Any]:
    stem, dot, ending = name.rpartition(".")
    meaning = WHOLE if name == MANIFEST else about_table(stem, kind)[0]
    description = {"description": meaning} if meaning else {}
    return {"@id": name, "@type": "File", "name": name, "encodingFormat": FORMATS[dot + ending], **description}


def _link(entity: dict[str, Any]) -> dict[str, str]:
    return {"@id": entity["@id"]}
