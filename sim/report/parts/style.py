"""Style of figures: colour-blind safe colours, plain axes, fonts with Chinese characters if available."""

import contextlib
import io
import logging
import re
import threading
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cycler import cycler
from matplotlib import font_manager, rc_context, rcParams, rcParamsDefault
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, VERMILLION, GREEN, ORANGE, SKY, PURPLE, YELLOW, GREY = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#E69F00",
    "#56B4E9",
    "#CC79A7",
    "#F0E442",
    "#8A8F98",
)
"""Okabe and Ito's palette; each also has a line style or a label where it is used."""
INK, SOFT, RULE = "#22272E", "#5B6470", "#DDE1E6"
COLOUR = {"stability": BLUE, "satisfaction": VERMILLION}
DASH = {"stability": "-", "satisfaction": (0, (5, 1.6))}
MARKER = {"stability": "o", "satisfaction": "D"}

WIDE, NARROW = 8.6, 3.9
"""Width of a figure in inches, for a page and for a phone."""
LATIN = ("Source Sans 3", "Noto Sans", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans")
CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Heiti SC",
    "Noto Sans SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
_CHINESE_FILE = re.compile(r"(?i)(notosans(cjk|sc)|sourcehansans)[^/]*(regular|bold)\.|wqy-|pingfang|msyh|simhei|droidsansfallback")
READERS = ("Verdana", "Segoe UI", "Helvetica Neue", "Arial", "Noto Sans", *CHINESE[:5], "sans-serif")
"""Fallback font families on a reader's machine."""
LONG_PATH = 1000
"""Minimum bytes of a path to count as a curve, which is rounded to a tenth of a point: finer than any screen."""
_TENTH = re.compile(rb"(\d\.\d)\d+")
_TAG = re.compile(rb"<[^<>]+>")
_SPARED = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rb'^<g id="[^"]*"', b"<g"),
        (rb"(\d\.\d\d)\d+", rb"\1"),  # a hundredth of a point
        (rb"(\.\d)0(?!\d)|\.00(?!\d)", rb"\1"),
        (rb' transform="rotate\(-0 [^"]*"|;? ?font-family: [^;"]*', b""),
        (rb"\s*\n\s*", b" "),
        (rb"(?<=[:;]) | (?=[MLQCz] )|(?<=z) | (?=/?>)", b""),
    )
)
"""Parts of a tag that can be removed: names of groups, long numbers, spaces."""
_PROLOGUE = re.compile(rb"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*|<!--.*?-->\s*", re.DOTALL)
_LOCK = threading.RLock()
_WINDOWS = ("backend", "interactive", "toolbar", "webagg.", "keymap.", "tk.", "macosx.", "datapath", "date.epoch", "figure.hooks")


@lru_cache(maxsize=1)
def chinese_font() -> str | None:
    """Name of a font with Chinese on this machine, or None."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    found = next((name for name in CHINESE if name in known), None)
    return found or _new_chinese_font()


def _new_chinese_font() -> str | None:
    """Fonts installed after Matplotlib built its list; from a collection, the face for simplified Chinese."""
    before = len(font_manager.fontManager.ttflist)
    for path in sorted(font_manager.findSystemFonts()):
        if _CHINESE_FILE.search(Path(path).name):
            with contextlib.suppress(OSError, RuntimeError):
                font_manager.fontManager.addfont(path)
    added = list(dict.fromkeys(entry.name for entry in font_manager.fontManager.ttflist[before:]))
    return next((name for name in CHINESE if name in added), added[0] if added else None)


def figure_language(lang: str) -> str:
    """Language of figures: Chinese only if a font supports it."""
    return "zh" if lang == "zh" and chinese_font() else "en"


@lru_cache(maxsize=1)
def _families() -> list[str]:
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    latin = [name for name in LATIN if name in known][:1]
    return [*latin, *filter(None, [chinese_font()]), *(["DejaVu Sans"] if latin != ["DejaVu Sans"] else [])]


@contextlib.contextmanager
def look() -> Iterator[None]:
    """Context with the settings for drawing and saving figures; earlier settings are restored at the end.

    It sets all of Matplotlib's settings, regardless of a user's ``matplotlibrc``, a style or a notebook.
    """
    settings: dict[Any, Any] = {
        **_strays(),
        "font.family": _families(),
        "font.size": 9.5,
        "axes.edgecolor": RULE,
        "axes.labelcolor": SOFT,
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titley": 1.0,  # automatic placement takes a tenth of the time of a page
        "axes.titlecolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "axes.prop_cycle": cycler(color=[BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY]),
        "grid.color": RULE,
        "grid.linewidth": 0.7,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "xtick.major.size": 3,
        "ytick.major.size": 0,
        "text.color": INK,
        "lines.linewidth": 1.7,
        "lines.solid_capstyle": "round",
        "figure.facecolor": "white",
        "text.parse_math": False,  # user's text: a dollar sign is not math mode
        "svg.hashsalt": "sanzhi",
        "svg.fonttype": "none",
    }
    # Matplotlib's settings are global: only one thread at a time may change them.
    with _LOCK, rc_context(settings), warnings.catch_warnings():
        # A character, such as an emoji, that no font here has: text in SVG stays text, and the reader's fonts may have it.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def _strays() -> dict[str, Any]:
    """Changed settings at Matplotlib's defaults, without those of windows."""
    own = ((key, value) for key, value in rcParamsDefault.items() if not key.startswith(_WINDOWS))
    return {key: value for key, value in own if rcParams[key] != value}


def _worth_saying(record: logging.LogRecord) -> bool:
    """Whether to show a message of Matplotlib: not if a Chinese font has no bold, since its regular weight is used instead."""
    return "Failed to find font weight" not in record.msg


# Permanent, not only within `look`: a notebook draws a figure when it is displayed.
logging.getLogger("matplotlib.font_manager").addFilter(_worth_saying)


def new_figure(width: float, height: float) -> Figure:
    """An empty figure with an Agg canvas, not managed by pyplot; sizes in inches."""
    figure = Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06))
    FigureCanvasAgg(figure)
    return figure


def time_axis(axes: "Axes", weeks: int, label: str) -> None:
    """Ticks at whole years if there are two or more, else at weeks; the data's unit is weeks."""
    if weeks >= 104:
        years = -(-weeks // 52)
        step = max(1, round(years / 5))
        axes.set_xticks([52 * y for y in range(0, years + 1, step)], [str(y) for y in range(0, years + 1, step)])
    axes.set_xlim(0, max(1, weeks - 1))
    axes.set_xlabel(label, loc="right", fontsize=8.5)


def settled(figure: Figure) -> Figure:
    """The figure after layout, computed once for all its files."""
    with look():
        engine = figure.get_layout_engine()
        if engine is not None and figure.axes:
            engine.execute(figure)
        figure.set_layout_engine("none")
    return figure


def to_svg(figure: Figure) -> bytes:
    """The figure as self-contained SVG; the same figure gives the same bytes.

    Text stays text: it can be searched and edited, and uses the fonts of the reader's machine listed in `_readers_fonts`.
    """
    buffer, canvas = io.BytesIO(), FigureCanvasSVG(settled(figure))
    with look():
        canvas.print_svg(buffer, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    return _small(_numbered(buffer.getvalue()))


def _numbered(svg: bytes) -> bytes:
    """The same with numbered clip paths: Matplotlib names them after coordinates whose last bits may differ between layouts."""
    for number, name in enumerate(dict.fromkeys(re.findall(rb'<clipPath id="([^"]+)"', svg)), start=1):
        svg = svg.replace(b'"' + name + b'"', b'"clip%d"' % number).replace(b"#" + name + b")", b"#clip%d)" % number)
    return svg


def _small(svg: bytes) -> bytes:
    """The same figure in fewer bytes: fonts are named once; visible words and numbers stay unchanged."""
    svg = _TAG.sub(_spared, _PROLOGUE.sub(b"", svg))
    svg = re.sub(rb">\s*\n\s*<", b"><", svg)
    return svg.replace(b"<svg ", b'<svg font-family="%s" ' % _readers_fonts().encode(), 1).strip()


def _spared(tag: re.Match[bytes]) -> bytes:
    text = tag[0]
    if len(text) > LONG_PATH:
        text = _TENTH.sub(rb"\1", text)
    for pattern, replacement in _SPARED:
        text = pattern.sub(replacement, text)
    return text


def _readers_fonts() -> str:
    """Font families for a browser: the one used for the layout, then others, wide ones first."""
    return ", ".join(f"'{name}'" if " " in name else name for name in dict.fromkeys([*_families(), *READERS]))


def to_png(figure: Figure, dpi: int = 150) -> bytes:
    """The figure as PNG."""
    buffer = io.BytesIO()
    settled(figure).set_dpi(dpi)
    with look():
        FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()
