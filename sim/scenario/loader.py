"""Load a scenario: find the file, follow `extends`, merge, validate, and report every problem at once."""

import os
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from sim.errors import ScenarioError, UserError
from sim.messages import Message
from sim.scenario.loading import city_files, measures, plugins
from sim.scenario.loading.changing import plain_data
from sim.scenario.loading.files import find, parent_file, read_bytes
from sim.scenario.loading.merge import merge, normal
from sim.scenario.loading.validate import valid
from sim.scenario.parsing.document import Document, read_document
from sim.scenario.parsing.names import name_after
from sim.scenario.parsing.paths import printable
from sim.scenario.parsing.scalars import Refused
from sim.scenario.scenario import Scenario
from sim.scenario.schema import rules
from sim.scenario.schema.fields import PRESENTATION

MOST_PARENTS = 8


def load_scenario(source: str | os.PathLike | Scenario) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    source : str or path
        A YAML file, or the name of a shipped scenario such as ``baseline``. A `Scenario` is returned unchanged.

    Raises
    ------
    sim.errors.ScenarioError
        With every problem of the file, and of the files it extends, at once.
    sim.errors.UserError
        If there is no such file, or it cannot be read.
    """
    if isinstance(source, Scenario):
        return source
    file, label = find(source)
    document = _read(file, label, [])
    document.data.pop("extends", None)
    name_after(document, file)
    return valid(document, Scenario)


def read_scenario(data: Mapping[str, Any], file: str = "scenario") -> Scenario:
    """Scenario from plain data, as returned by `Scenario.as_data` or `Scenario.canonical`; raises `ScenarioError` as for a file."""
    document = Document(file, plain_data(dict(data)))
    normal(document)
    return valid(document, Scenario)


def _read(file: File, label: str, children: list[File]) -> Document:
    """Document of a file, merged over the scenario that it extends. `children` are the files that extend it."""
    document = read_document(read_bytes(file, label), label)
    normal(document)
    city_files.attach(document, file)
    measures.attach(document, file)
    rules.attach(document, file)
    plugins.attach(document, file)
    if "extends" not in document.data or ("extends",) in document.refused:
        return document
    chain = [*children, file.resolve()]
    try:
        parent, parent_label = parent_file(document.data["extends"], file, label)
        if parent.resolve() in chain:
            got = Message("{name}, which leads back to itself", name=printable(parent.name))
            raise Refused(got, Message("a scenario that does not extend this one"))
        if len(chain) > MOST_PARENTS:
            raise Refused(Message("more than {most} scenarios on top of each other", most=MOST_PARENTS), Message("fewer"))
    except Refused as refusal:
        got, expected, suggestion = (*refusal.args, None)[:3]
        document.report(("extends",), got, expected, suggestion)
        return document
    try:
        base = _read(parent, parent_label, chain)
    except ScenarioError as error:
        document.problems += error.problems
        return document
    except UserError as error:
        document.report(("extends",), error.message, Message("a scenario that can be read"))
        return document
    for key in PRESENTATION:
        base.data.pop(key, None)
    return merge(base, document)
