"""The picture of the package: its rooms in the order of their imports, and who imports whom, counted in the source."""

from collections import Counter
from html import escape

from tests.architecture.sources import imports, trees

ROOMS = {
    "city": ("city", "people, units and areas, as columns"),
    "mechanisms": ("mechanisms", "what happens in a week: one short file each"),
    "attribution": ("attribution", "which mechanism moved what"),
    "metrics": ("metrics", "named numbers of a week"),
    "extensions": ("rules plugins", "what users add in Python"),
    "scenario": ("scenario", "what to simulate, immutable"),
    "worlds": ("worlds", "what the city may be: sets that fit what is known"),
    "engine": ("simulation model", "runs the weeks"),
    "results": ("results", "the folder of one run"),
    "analysis": ("analysis", "statistics of many runs"),
    "experiments": ("experiments", "many runs: compare, mix, sweep, search"),
    "report": ("report describe explain", "pages, figures, words in two languages"),
    "dashboard": ("dashboard", "levers to drag in the browser"),
    "commands": ("commands cli console", "the command line"),
}
"""Rooms in the order of their imports: modules and packages of `sim` in each, and what it is for. A room imports only rooms before it."""
LEAVES = (
    "arrow draws environment errors files kept kernel lazy levers maths messages notebook_cards platforms plugin_registry regular_files"
    " shocks spec spreadsheets suggestions text user_cache version workbook"
).split()
"""Modules that know nothing of the rooms; everybody may import them."""
HALF = len(LEAVES) // 2
WIDE, HIGH, BOX, GROUND = 1100, 350, 82, 196
STYLE = (
    "text{font:12px sans-serif;fill:#222}.name{font-weight:bold}.small{font-size:10.5px;fill:#555}"
    "rect{fill:#e0f2f1;stroke:#00796b}.leaf{fill:#f5f5f5;stroke:#999}path{fill:none;stroke:#00796b;stroke-opacity:.55}"
    ".paper{fill:#fff;stroke:none}"
)


def room_of(module: str) -> str | None:
    """Room of a module; None for leaves and for the package's own list of public names."""
    part = module.split(".")[1] if "." in module else ""
    return next((room for room, (parts, _) in ROOMS.items() if part in parts.split()), None)


def without_room() -> set[str]:
    """Modules that are in no room and no leaf."""
    return {name for name in trees() if "." in name and room_of(name) is None and name.split(".")[1] not in LEAVES}


def counted() -> Counter[tuple[str, str]]:
    """How many imports lead from one room to another, those within functions too."""
    pairs = ((room_of(name), room_of(other)) for name, others in imports(anywhere=True).items() for other in others)
    return Counter((one, other) for one, other in pairs if one and other and one != other)


def picture() -> str:
    """The picture as SVG."""
    order = list(ROOMS)
    x = {room: 8 + (WIDE - 16) / len(order) * (number + 0.5) for number, room in enumerate(order)}
    parts = [f'<rect class="paper" width="{WIDE}" height="{HIGH}"/>']
    for (one, other), many in sorted(counted().items()):
        parts.append(_arc(x[one], x[other], many, f"{one} imports {other}"))
    for room, (_, what) in ROOMS.items():
        parts += _box(x[room], room, what)
    parts += [
        f'<rect class="leaf" x="8" y="{HIGH - 68}" width="{WIDE - 16}" height="42" rx="4"/>',
        f'<text x="{WIDE / 2}" y="{HIGH - 51}" text-anchor="middle">leaves, which everybody may import: {", ".join(LEAVES[:HALF])},</text>',
        f'<text x="{WIDE / 2}" y="{HIGH - 36}" text-anchor="middle">{", ".join(LEAVES[HALF:])}</text>',
        f'<text class="small" x="{WIDE / 2}" y="{HIGH - 12}" text-anchor="middle">An arc is an import, '
        "thicker for more; a room imports only rooms on its left.</text>",
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="Rooms of the package">'
    return "\n".join([head, f"<style>{STYLE}</style>", *parts, "</svg>"]) + "\n"


def _arc(start: float, end: float, many: int, words: str) -> str:
    height = GROUND - 14 - min(210.0, abs(start - end) * 0.26 + 16)
    width = next(wide for least, wide in ((16, 5), (6, 3.5), (2, 2), (1, 1)) if many >= least)  # steps: few changes redraw the picture
    curve = f"M{start:.0f} {GROUND}C{start:.0f} {height:.0f} {end:.0f} {height:.0f} {end:.0f} {GROUND}"
    return f'<path d="{curve}" stroke-width="{width}"><title>{escape(words)}</title></path>'


def _box(x: float, name: str, what: str) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in what.split():
        if len(line) + len(word) > 15:
            lines, line = [*lines, line], ""
        line = f"{line} {word}".strip()
    rows = enumerate([*lines, line])
    words = [f'<text class="small" x="{x:.0f}" y="{GROUND + 42 + 13 * n}" text-anchor="middle">{escape(row)}</text>' for n, row in rows]
    return [
        f'<rect x="{x - BOX / 2:.0f}" y="{GROUND}" width="{BOX}" height="26" rx="4"/>',
        f'<text class="name" x="{x:.0f}" y="{GROUND + 17}" text-anchor="middle">{name}</text>',
        *words,
    ]
