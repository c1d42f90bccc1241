"""A scenario's data as the text of a YAML file that people read and edit."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sim.lazy import lazily

with lazily():
    import yaml


def as_file(data: Mapping[str, Any]) -> str:
    """YAML in the order of the data; texts of several lines, such as tables, stand line by line instead of in quotes.

    Parameters
    ----------
    data : mapping
        Plain data, as of ``scenario.as_data()``.
    """
    return yaml.dump(dict(data), Dumper=_readable(), allow_unicode=True, sort_keys=False)


@cache
def _readable() -> type:
    class Readable(yaml.SafeDumper):
        """Writes texts of several lines as blocks."""

    def text(dumper: Any, value: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value.strip() else None)

    Readable.add_representer(str, text)
    return Readable
