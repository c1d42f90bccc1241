"""The page in a real browser that can reach nothing but the dashboard."""

import re

import pytest

pytestmark = pytest.mark.browser
LINE = "[data-metric=stability] path.yours:not(.band)"
LAW = "[data-key='policy.rule_of_law']"
PATIENCE = 30_000


class Tab:
    """An open page, with what it complained about and asked for."""

    def __init__(self, context, address, query=""):
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints, self.asked = [], []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address + query)
        self.settled(4)

    def settled(self, runs=30):
        """Wait until so many runs are drawn."""
        self.page.wait_for_function("n => +(document.querySelector('.filling')?.dataset.done || 0) >= n", arg=runs)

    def line(self):
        """The curve of stability as it is drawn."""
        return self.page.get_attribute(LINE, "d")

    def drag(self, *shares):
        """Move the lever of the rule of law without letting go."""
        self.page.eval_on_selector(
            LAW, "(slider, shares) => shares.forEach(v => { slider.value = v; slider.dispatchEvent(new Event('input')); })", list(shares)
        )

    def changed_from(self, before):
        """Wait until the curve is another one."""
        self.page.wait_for_function("([s, d]) => document.querySelector(s)?.getAttribute('d') !== d", arg=[LINE, before])


@pytest.fixture
def opened(browser, address):
    contexts = []

    def open_tab(query="", width=1280, **more):
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        context.route("**", lambda route: route.continue_() if route.request.url.startswith(address) else route.abort())
        contexts.append(context)
        return Tab(context, address, query)

    yield open_tab
    for context in contexts:
        context.close()


def test_moving_a_lever_changes_the_curve_and_asks_nobody_outside(opened, address):
    tab = opened()
    tab.settled()  # a band that fills in moves the curve, too
    before = tab.line()
    tab.drag(0.1, 0.15, 0.2)
    tab.changed_from(before)
    tab.page.wait_for_selector(f"label:has({LAW}) output:has-text('20\u202f%')")
    tab.page.dispatch_event(LAW, "change")
    tab.page.wait_for_selector(".card .change:has-text('difference')")
    tab.settled()
    assert "policy.rule_of_law" in tab.page.url  # the address restores it
    assert tab.page.locator(f"{LINE.split()[0]} path.before").count() == 1  # what was there before stays, dimmed
    assert [url for url in tab.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert tab.complaints == []


def test_keyboard_alone_is_enough(opened):
    tab = opened()
    tab.settled()
    before = tab.line()
    tab.page.focus(LAW)
    tab.page.keyboard.press("Home")
    tab.changed_from(before)
    tab.settled()
    tab.page.focus("[data-pick=share]")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".share pre")
    assert tab.page.evaluate("document.activeElement.dataset.pick") == "share"


def test_language_is_switched(opened):
    tab = opened()
    assert "Stability" in tab.page.inner_text(".lab")
    tab.page.click("[data-pick=lang]")
    tab.page.wait_for_selector("text=社会稳定")
    assert "Stability" not in tab.page.inner_text(".lab")
    assert tab.page.evaluate("document.documentElement.lang") == "zh"
    assert "lang=zh" in tab.page.url


def test_broken_files_are_explained_and_change_nothing(opened, folder):
    tab = opened("?set=policy.rule_of_law=0.2")
    tab.page.select_option("select.source", "broken.yaml")
    tab.page.wait_for_selector(".message:has-text('did you mean rule_of_law')")
    text = tab.page.inner_text(".message")
    assert re.search(r"broken\.yaml:2:\d+: policy\.rule_of_lew", text)
    assert re.search(r"broken\.yaml:3:\d+: horizon", text)
    assert "Traceback" not in text
    tab.page.set_input_files("input[type=file]", folder / "broken.yaml")
    tab.page.wait_for_selector(".message:has-text('did you mean rule_of_law')")
    tab.page.set_input_files(
        "input[type=file]", {"name": "x.yaml", "mimeType": "text/yaml", "buffer": b"name: <img src=x onerror=alert(1)>\n"}
    )
    tab.page.wait_for_selector(".message:has-text('<img')")
    assert tab.page.locator(".message img").count() == 0
    assert "policy.rule_of_law" in tab.page.url
    assert tab.complaints == []


def test_files_are_opened_and_saved(opened, folder):
    tab = opened("?set=policy.rule_of_law=0.2")
    name = "from-page"
    (folder / f"{name}.yaml").unlink(missing_ok=True)
    tab.page.click("text=Save")
    tab.page.fill(".save-name", name)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(f".message:has-text('{name}.yaml')")
    assert "rule_of_law" in (folder / f"{name}.yaml").read_text(encoding="utf-8")
    tab.page.set_input_files("input[type=file]", folder / f"{name}.yaml")
    tab.page.wait_for_function("() => location.search.includes('scenario=from-page')")
    (folder / f"{name}.yaml").unlink()


def test_reload_in_the_middle_restores_the_view(opened):
    tab = opened("?set=policy.rule_of_law=0.2&lang=zh&group=price")
    tab.page.eval_on_selector(LAW, "s => { s.value = 0.1; s.dispatchEvent(new Event('input')); s.dispatchEvent(new Event('change')); }")
    tab.page.wait_for_function("() => decodeURIComponent(location.search).includes('rule_of_law=0.1')")
    tab.page.reload()
    tab.settled(4)
    assert tab.page.input_value(LAW) == "0.1"
    assert tab.page.get_attribute("[data-pick=price]", "aria-pressed") == "true"
    assert tab.complaints == []


def test_two_tabs_do_not_disturb_each_other(opened):
    first, second = opened(), opened("?set=policy.rule_of_law=0.25")
    first.settled()
    before = first.line()
    for share in (0.05, 0.1, 0.15):
        second.drag(share)
        first.drag(0.3 - share)
    second.page.dispatch_event(LAW, "change")
    first.changed_from(before)
    first.page.dispatch_event(LAW, "change")
    first.settled(12)
    second.settled(12)
    assert first.page.input_value(LAW) == "0.15"
    assert second.page.input_value(LAW) == "0.15"
    assert first.complaints + second.complaints == []


def test_link_with_nonsense_opens_the_usual_page_and_says_why(opened):
    tab = opened("?set=policy.rule_of_lew=1&tab=nothing")
    assert "rule_of_lew" in tab.page.inner_text(".message")


@pytest.mark.parametrize("width", [1280, 390])
def test_every_tab_opens_and_fits(opened, width):
    tab = opened("?set=policy.rule_of_law=0.2&set=policy.self_governance=0.2", width=width)
    for name, sign in TABS.items():
        tab.page.click(f"[role=tab][data-pick={name}]")
        tab.page.wait_for_selector(sign)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert tab.page.locator("[role=alert]").count() == 0, name
    assert tab.complaints == []


TABS = {
    "why": ".why svg",
    "mix": "svg.ternary",
    "map": "svg.map circle",
    "people": ".strip svg",
    "doubts": "[data-pick=start]",
    "city": "[data-pick=start]",
    "share": ".share pre",
    "curves": "[data-metric=stability]",
}
"""Every tab, with what shows that it is there."""


def test_city_is_played_and_a_place_looked_at(opened):
    tab = opened("?tab=map&set=policy.rule_of_law=0.2")
    week = tab.page.locator(".week")
    tab.page.click("[data-pick=step]")
    tab.page.wait_for_selector(".week:has-text('Week 2 ')")
    tab.page.click("[data-pick=play]")
    tab.page.wait_for_function("() => +document.querySelector('.week').innerText.match(/[0-9]+/)[0] > 8")
    tab.page.click("[data-pick=play]")
    tab.page.focus("svg.map circle >> nth=0")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".map-page table")
    assert week.count() == 1


def test_mix_is_taken_from_the_picture(opened):
    tab = opened("?tab=mix")
    box = tab.page.locator("svg.ternary").bounding_box()
    tab.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.6)
    tab.page.wait_for_function("() => location.search.includes('policy.self_governance')")
    tab.page.wait_for_function("() => document.querySelectorAll('.lever.moved').length >= 2")
