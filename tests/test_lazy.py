"""Imports that wait: nothing is loaded before its first use, and mistakes are named."""

import subprocess
import sys

import pytest

from sim.lazy import lazily


def test_a_module_is_loaded_at_its_first_use():
    program = (
        "import sys\nfrom sim.lazy import lazily\n"
        "with lazily():\n    import colorsys as colours\n    from xml.dom import minidom\n"
        "assert not {'colorsys', 'xml', 'xml.dom', 'xml.dom.minidom'} & set(sys.modules)\n"
        "assert colours.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)\n"
        "assert minidom.parseString('<a/>') and 'colorsys' in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_an_annotation_in_quotes_loads_nothing():
    program = (
        "import sys\nfrom dataclasses import dataclass, fields\nfrom sim.lazy import lazily\n"
        "with lazily():\n    from xml.dom import minidom\n"
        "@dataclass\nclass Page:\n    content: 'minidom.Document'\n    title: str = ''\n"
        "assert [one.name for one in fields(Page)] == ['content', 'title']\n"
        "assert 'xml.dom.minidom' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_what_is_loaded_already_is_the_module_itself():
    with lazily():
        import json
    assert json is sys.modules["json"]


def test_what_is_set_on_it_is_set_on_the_module():
    with lazily():
        from xml.sax import saxutils
    saxutils.set_here = True
    from xml.sax.saxutils import set_here

    assert set_here


def test_modules_that_do_not_exist_are_named_at_their_first_use():
    with lazily():
        import no_such_module
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = no_such_module.anything


def test_a_dotted_module_needs_a_name_of_its_own():
    with pytest.raises(ImportError, match="from package import module"), lazily():
        import xml.dom.minidom  # noqa: F401
    import xml.dom.minidom as whole  # outside the block, everything is as before

    assert whole.parseString("<a/>")
