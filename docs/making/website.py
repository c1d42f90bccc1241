"""Additions of the site to the files of docs/: pages from elsewhere, generated pages, figures, navigation, links out of docs.

A hook of MkDocs, see `mkdocs.yml`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from docs.making import reference
from docs.making.figures import figures

ROOT = Path(__file__).parents[2]
ELSEWHERE = {
    "index.md": "README.md",
    "about/contributing.md": "CONTRIBUTING.md",
    "about/changelog.md": "CHANGELOG.md",
    "about/code_of_conduct.md": "CODE_OF_CONDUCT.md",
    "about/security.md": "SECURITY.md",
    "how_to/cities.md": "scenarios/cities/README.md",
}
"""Pages of the site that are files of the repository, with the file."""
LOADED = "https://unpkg.com/iframe-worker/shim"
"""What the theme's plugin `offline` has every page ask for."""
SECTIONS = {
    "Tutorials": ["tutorials/*"],
    "How to": ["how_to/*"],
    "Model": ["model/odd.md", "model/*", "model/mechanisms/*", "model/choices/*"],
    "Reference": ["glossary.md", "reference/*"],
    "Validation": ["validation.md", "sources.md", "reliability.md", "*"],
    "Examples": ["examples/*"],
    "Design": ["architecture.md", "decisions/index.md", "decisions/*"],
    "About": ["checklists.md", "releases.md", "about/*"],
}
"""Tabs, and which pages stand in each: those named first, then in the order of the alphabet. All others are under Validation."""
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s#:]+)(#[^)\s]*)?\)")


def notebook(path: Path) -> str:
    """A notebook as Markdown: its text and its code, without outputs."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parts = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    name = path.relative_to(ROOT).as_posix()
    note = f"*This is the notebook `{name}`, without outputs: open it in Jupyter (`pip install '.[notebook]'`) and run it.*"
    text = [source if kind == "markdown" else f"```python\n{source}\n```" for kind, source in parts]
    return "\n\n".join([text[0], note, *text[1:]]) + "\n"


def made() -> dict[str, str]:
    """Pages that are not files of docs/, by their path in the site."""
    pages = {name: (ROOT / source).read_text(encoding="utf-8") for name, source in ELSEWHERE.items()}
    pages |= {f"tutorials/{path.stem}.md": notebook(path) for path in sorted((ROOT / "docs" / "tutorials").glob("*.ipynb"))}
    return pages | reference.pages() | {"decisions/index.md": decisions()}


def decisions() -> str:
    """Every decision by its title."""
    parts = ["# Decisions", "Design decisions: what was decided, which alternatives were tried, what was measured."]
    titles = {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))}
    rows = [f"- [{title.strip('# ')}]({name})" for name, title in titles.items()]
    return "\n\n".join([*parts, "\n".join(rows)]) + "\n"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, and put every page in its section."""
    for name, text in made().items():
        files.append(File.generated(config, name, content=text))
    for name, draw in figures().items():
        files.append(File.generated(config, name, content=draw()))
    names = [file.src_uri for file in files.documentation_pages()]
    config.nav = [{"Home": "index.md"}, *({title: list(map(entry, pages))} for title, pages in sections(names).items() if pages)]
    return files


def entry(name: str) -> str | dict[str, str]:
    """A page in the navigation: by its title, but mechanisms by their names, since their titles are sentences."""
    return {Path(name).stem.replace("_", " ").capitalize(): name} if name.startswith("model/mechanisms/") else name


def sections(names: list[str]) -> dict[str, list[str]]:
    """Pages by section, every page once."""
    left = sorted(set(names) - {"index.md"})
    last = [title for title, patterns in SECTIONS.items() if "*" in patterns]
    found: dict[str, list[str]] = {}
    for title in sorted(SECTIONS, key=last.__contains__):
        found[title] = [name for pattern in SECTIONS[title] for name in _matching(pattern, left)]
    return {title: found[title] for title in SECTIONS}


def _matching(pattern: str, left: list[str]) -> list[str]:
    """Take what a pattern fits from what is left; a star stands for one name."""
    form = re.compile(re.escape(pattern).replace(r"\*", "[^/]+"))
    taken = [name for name in left if form.fullmatch(name)] if pattern != "*" else list(left)
    left[:] = [name for name in left if name not in taken]
    return taken


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links as they hold in the repository into those of the site; a file that the site does not show is named instead."""
    name = page.file.src_uri
    source = ELSEWHERE.get(name, f"docs/{name}")
    return "".join(_relinked(markdown, source, name, files))


def _relinked(text: str, source: str, name: str, files: Files) -> Iterator[str]:
    """Pieces of the text; code blocks stay as they are."""
    for number, piece in enumerate(re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)):
        yield piece if number % 2 else LINK.sub(lambda found: _link(found, source, name, files), _pictures(piece, source, name))


def _pictures(text: str, source: str, name: str) -> str:
    """Pictures of a page that stands elsewhere."""
    if source == f"docs/{name}":
        return text
    return re.sub(r"(!\[[^\]]*\]\()docs/", rf"\1{relpath('.', dirname(name) or '.')}/", text)


def _link(found: re.Match, source: str, name: str, files: Files) -> str:
    words, path, anchor = found[1], normpath(join(dirname(source), found[2])), found[3] or ""
    if not (ROOT / path).exists() and source == f"docs/{name}" and files.get_file_from_path(normpath(join(dirname(name), found[2]))):
        return found[0]  # from one page that is made to another
    shown = next((page for page, file in ELSEWHERE.items() if file == path), path.removeprefix("docs/").replace(".ipynb", ".md"))
    if (path.startswith("docs/") or path in ELSEWHERE.values()) and files.get_file_from_path(shown):
        return f"[{words}]({relpath(shown, dirname(name) or '.')}{anchor})"
    if not (ROOT / path).exists():
        return found[0]  # leads nowhere: MkDocs will say so
    return f"{words} (`{path}`)" if path not in words else words


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """What the theme would load from another host for pages opened from the disk lies beside them."""
    return output.replace(LOADED, relpath("images/iframe_worker.js", dirname(page.file.dest_uri) or "."))


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """The same for pages that are no documents, such as that for a link that leads nowhere."""
    return output.replace(LOADED, "images/iframe_worker.js")
