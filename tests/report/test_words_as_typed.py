"""Words of users come out of every figure as they were typed: no dollar, brace or backslash means anything."""

import re
from html import unescape

import pytest
from fake import make_eventful_run
from matplotlib import rc_context
from matplotlib.text import Text

from sim.report.parts import style
from sim.report.run.figures import FIGURES

BAD = r"$5 \frac{ _x^ $ 50% & <a> 🙂"


def words(figure):
    return [text for text in figure.findobj(Text) if text.get_text().strip()]


@pytest.fixture(scope="module")
def run():
    run = make_eventful_run(2, 110)
    name = run.districts["district"].iloc[0]
    for table in (run.districts, run.communities):
        table["district"] = table["district"].replace({name: BAD})
    return run


@pytest.mark.parametrize("name", FIGURES)
def test_no_word_of_a_figure_is_mathematics(name, run):
    figure = FIGURES[name](run, "en", False)
    assert words(figure)
    assert [text.get_text() for text in words(figure) if text.get_parse_math()] == []


def test_a_name_is_drawn_as_it_was_typed(run):
    said = re.findall(r"<text[^>]*>([^<]*)</text>", style.to_svg(FIGURES["districts"](run, "en", False)).decode())
    assert BAD in map(unescape, said)


@pytest.mark.filterwarnings("error")
def test_a_picture_that_no_font_has_is_no_trouble():
    with style.look():
        figure = style.new_figure(2, 2)
        figure.subplots().set_title("🙂")
    assert "🙂" in style.to_svg(figure).decode()
    assert style.to_png(figure).startswith(b"\x89PNG")


@pytest.mark.parametrize("where", ["title", "xlabel", "suptitle", "legend", "ticks"])
def test_half_a_command_is_no_error_wherever_it_stands(where):
    with rc_context({"text.parse_math": True}), style.look():
        figure = style.new_figure(4, 3)
        axes = figure.subplots()
        axes.plot([0, 1], label=BAD if where == "legend" else "a")
        axes.legend()
        if where == "suptitle":
            figure.suptitle(BAD)
        elif where == "ticks":
            axes.set_xticks([0, 1], [BAD, "b"])
        elif where != "legend":
            axes.set(**{where: BAD})
    assert BAD in unescape(style.to_svg(figure).decode())
    assert style.to_png(figure).startswith(b"\x89PNG")
