"""Every command line that the documents show is understood; those that cost nothing are run. README's are all run in `test_readme`."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sim.cli import COMMANDS, cli
from sim.experiments.studies.study_file import shipped_studies
from sim.scenario.loading.files import shipped_names

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "scenarios" / "README.md", ROOT / "results" / "README.md"]
SHOWN = re.compile(r"^(?: {4}|\t|\$ )?(?:\$ )?(sanzhi [a-z].*)$|`(sanzhi [a-z][^`]*)`", re.M)
CHEAP = {"describe", "schema"}
NAMED = {
    **dict.fromkeys(("run", "compare", "mix", "attribute", "resilience", "calibrate", "explain", "dashboard"), shipped_names),
    "sweep": shipped_studies,
}
"""Commands whose plain words are names of what is shipped."""


def lines() -> list[tuple[str, str]]:
    """Pages and the command lines in them, each once."""
    found = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        for match in SHOWN.finditer(text):
            line = re.split(r" [|&]", match[1] or match[2])[0]  # what a shell does with the output is its own affair
            found[shlex.join(shlex.split(line, comments=True))] = page.relative_to(ROOT).as_posix()
    return sorted((page, line) for line, page in found.items())


LINES = lines()


def command(name: str) -> click.Command:
    """The command of a name."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None, f"no command {name}"
    return found


def parsed(words: list[str]) -> click.Context:
    """What click makes of a command line; nothing is run."""
    with command(words[0]).make_context(words[0], list(words[1:])) as context:
        return context


def test_the_documents_show_command_lines():
    assert LINES
    assert {"run", "compare", "mix", "attribute", "sweep", "analyze"} <= {line.split()[1] for _, line in LINES}


@pytest.mark.parametrize(("page", "line"), LINES, ids=[line for _, line in LINES])
def test_a_command_line_is_understood(page, line, monkeypatch):
    _, *words = shlex.split(line)
    if all(word in COMMANDS for word in words):  # commands named in a sentence
        return
    if "..." in words or any(word.isupper() and len(word) > 1 for word in words[1:]):
        assert words[0] in COMMANDS  # a form to be filled in
        return
    if all(word.startswith("-") for word in words[1:]):  # an option named in a sentence
        known = {name for option in command(words[0]).params for name in option.opts}
        assert set(words[1:]) <= known
        return
    context = parsed(words)
    for value in context.params.values():
        for word in value if isinstance(value, tuple) else (value,):
            if words[0] in NAMED and isinstance(word, str) and word in words[1:3] and re.fullmatch(r"[a-z_]+", word):
                assert word in NAMED[words[0]](), f"{page}: {word}"
    monkeypatch.chdir(ROOT / "docs" / "examples")  # whose files the pages show
    if words[0] in CHEAP:
        result = CliRunner().invoke(cli, words, prog_name="sanzhi")
        assert result.exit_code == 0, f"{page}: {result.output}"


def test_a_line_that_is_wrong_is_found():
    for wrong in (["run", "baseline", "--replicate", "3"], ["compare"], ["sweep", "levers_sobol", "--workers", "many"]):
        with pytest.raises(click.UsageError):
            parsed(wrong)
