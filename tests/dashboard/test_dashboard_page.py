"""The page in a real browser that can reach nothing but the dashboard.

The page answers when it can, so every test waits for what it asserts.
"""

import re
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
LINE = "[data-metric=stability] path.yours:not(.band)"
LAW = "[data-key='policy.rule_of_law']"
PATIENCE = 120_000
SHORT = "set=horizon=26"
"""Half a year, where a test does not look at what becomes of the city."""


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

    def until(self, condition, arg=None):
        """Wait until a function of JavaScript is true."""
        self.page.wait_for_function(condition, arg=arg)

    def settled(self, runs=60):
        """Wait until so many runs are drawn."""
        self.until("n => +(document.querySelector('.filling')?.dataset.done || 0) >= n", runs)

    def shows(self, selector, text):
        """Wait until something that matches contains a text."""
        self.until("([s, t]) => [...document.querySelectorAll(s)].some((e) => e.textContent.includes(t))", [selector, text])

    def holds(self, selector, value):
        """Wait until a field has a value."""
        self.until("([s, v]) => document.querySelector(s)?.value === v", [selector, value])

    def address_has(self, text):
        """Wait until the address contains a text."""
        self.until("t => decodeURIComponent(location.search).includes(t)", text)

    def line(self):
        """The curve of stability as it is drawn."""
        return self.page.get_attribute(LINE, "d")

    def drag(self, *shares):
        """Move the lever of the rule of law without letting go."""
        self.page.eval_on_selector(
            LAW, "(slider, shares) => shares.forEach(v => { slider.value = v; slider.dispatchEvent(new Event('input')); })", list(shares)
        )

    def let_go(self):
        """Let go of the lever where it is."""
        self.page.dispatch_event(LAW, "change")

    def changed_from(self, before):
        """Wait until the curve is another one."""
        self.until("([s, d]) => { const line = document.querySelector(s); return line && line.getAttribute('d') !== d; }", [LINE, before])

    def press(self, selector):
        """Click in one step: between mouse down and mouse up, the page may redraw the button."""
        self.page.dispatch_event(selector, "click")

    def open(self, name):
        """Look at a tab."""
        self.press(f"[role=tab][data-pick={name}]")
        self.page.wait_for_selector(f"[role=tab][data-pick={name}][aria-selected=true]")


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


def test_moving_a_lever_changes_the_curve_and_contacts_no_other_host(opened, address):
    tab = opened()
    tab.settled()
    tab.until("() => /^(60|[6-9][0-9]|[12][0-9]{2}) (runs|plausible worlds)$/.test(document.querySelector('.filling').innerText)")
    before = tab.line()
    tab.drag(0.1, 0.15, 0.2)
    tab.changed_from(before)
    tab.shows(f"label:has({LAW}) output", "20\u202f%")
    tab.let_go()
    tab.shows(".card .change", "difference")
    tab.settled()
    tab.address_has("policy.rule_of_law=0.2")  # the address restores it
    tab.page.wait_for_selector(f"{LINE.split()[0]} path.before", state="attached")  # what was there before stays, dimmed
    assert [url for url in tab.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert tab.complaints == []


def test_keyboard_alone_is_enough(opened):
    tab = opened()
    tab.settled()
    before = tab.line()
    tab.page.focus(LAW)
    tab.page.keyboard.press("Home")
    tab.holds(LAW, "0")
    tab.changed_from(before)
    tab.settled()
    tab.page.focus("[data-pick=share]")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".share pre")
    tab.until("() => document.activeElement.dataset.pick === 'share'")


def test_language_is_switched(opened):
    tab = opened()
    tab.shows(".lab h3", "Stability")
    tab.press("[data-pick=lang]")
    tab.shows(".lab h3", "社会稳定")
    tab.until("() => !document.querySelector('.lab').innerText.includes('Stability')")
    tab.until("() => document.documentElement.lang === 'zh'")
    tab.address_has("lang=zh")


def test_broken_files_are_explained_and_change_nothing(opened, folder):
    tab = opened("?set=policy.rule_of_law=0.2")
    tab.page.select_option("select.source", "broken.yaml")
    tab.shows(".message", "did you mean rule_of_law")
    text = tab.page.inner_text(".message")
    assert re.search(r"broken\.yaml:2:\d+: policy\.rule_of_lew", text)
    assert re.search(r"broken\.yaml:3:\d+: horizon", text)
    assert "Traceback" not in text
    tab.page.set_input_files(
        "input[type=file]", {"name": "x.yaml", "mimeType": "text/yaml", "buffer": b"name: <img src=x onerror=alert(1)>\n"}
    )
    tab.shows(".message", "<img")
    assert tab.page.locator(".message img").count() == 0
    tab.page.set_input_files("input[type=file]", folder / "broken.yaml")
    tab.shows(".message", "did you mean rule_of_law")
    tab.page.set_input_files("input[type=file]", {"name": "no.yaml", "mimeType": "text/yaml", "buffer": b"\x00\xff\xfe" * 9})
    tab.shows(".message", "no.yaml")
    tab.page.set_input_files("input[type=file]", {"name": "big.yaml", "mimeType": "text/yaml", "buffer": b"# x\n" * 600_000})
    tab.shows(".message", "big.yaml")
    tab.address_has("policy.rule_of_law=0.2")
    assert tab.complaints == []


def test_files_are_opened_and_saved(opened, folder):
    tab = opened("?set=policy.rule_of_law=0.2")
    name = "from-page"
    (folder / f"{name}.yaml").unlink(missing_ok=True)
    tab.page.click("text=Save")
    tab.page.fill(".save-name", name)
    tab.page.keyboard.press("Enter")
    tab.shows(".message", f"{name}.yaml")
    assert "rule_of_law" in (folder / f"{name}.yaml").read_text(encoding="utf-8")
    tab.page.set_input_files("input[type=file]", folder / f"{name}.yaml")
    tab.address_has("scenario=from-page")
    (folder / f"{name}.yaml").unlink()


def test_reload_in_the_middle_restores_the_view(opened):
    tab = opened("?set=policy.rule_of_law=0.2&lang=zh&group=price")
    tab.drag(0.1)
    tab.let_go()
    tab.address_has("rule_of_law=0.1")
    tab.page.reload()
    tab.settled(4)
    tab.holds(LAW, "0.1")
    tab.page.wait_for_selector("[data-pick=price][aria-pressed=true]")
    assert tab.complaints == []


def test_two_tabs_do_not_disturb_each_other(opened):
    first, second = opened(), opened("?set=policy.rule_of_law=0.25")
    first.settled()
    before = first.line()
    for share in (0.05, 0.1, 0.15):
        second.drag(share)
        first.drag(0.3 - share)
    second.let_go()
    first.changed_from(before)
    first.let_go()
    first.address_has("rule_of_law=0.15")
    second.address_has("rule_of_law=0.15")
    for tab in (first, second):
        tab.settled(12)
        tab.holds(LAW, "0.15")
        assert tab.complaints == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("set=policy.rule_of_lew=1", "rule_of_lew"),
        ("scenario=../../etc/passwd", "not among the scenarios"),
        ("set=budget=lots&set=horizon=-4", "budget"),
        ("set=rules=[{rule: 'a.py:f', source: 'def f(city): pass'}]", "rules in Python"),
    ],
)
def test_link_with_nonsense_opens_the_usual_page_and_says_why(opened, query, reason):
    tab = opened(f"?{query}&tab=nothing&group=nothing&lang=xx&both=9")
    tab.shows(".message", reason)
    tab.page.wait_for_selector("[role=tab][data-pick=curves][aria-selected=true]")
    assert tab.complaints == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_tab_opens_and_fits(opened, width, lang):
    moved = "set=policy.rule_of_law=0.2&set=policy.self_governance=0.2&set=stance.migrant_access=0.9&set=stance.officials_visits=0.6"
    tab = opened(f"?{SHORT}&{moved}&lang={lang}", width=width)
    for name, sign in TABS.items():
        tab.open(name)
        tab.page.wait_for_selector(sign)
        tab.until("width => document.documentElement.scrollWidth <= width", width)
        assert tab.page.locator("[role=alert]").count() == 0, name
        assert tab.page.evaluate(CUT) == [], name
    assert tab.complaints == []


CUT = """() => [...document.querySelectorAll('.lab svg')].flatMap((svg) => {
  const box = svg.getBoundingClientRect();
  const out = (r) => r.width && (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 2 || r.bottom > box.bottom + 2);
  return [...svg.querySelectorAll('text')].filter((t) => out(t.getBoundingClientRect())).map((t) => t.textContent);
})"""
"""Words of figures that stand beyond their edge, where nobody sees them."""
TABS = {
    "why": ".why svg",
    "mix": "svg.ternary",
    "map": "svg.map circle",
    "people": ".small svg",
    "doubts": "[data-pick=start]",
    "city": "[data-pick=start]",
    "share": ".share pre",
    "curves": "[data-metric=stability]",
}
"""Every tab, with what shows that it is there."""


def test_agent_history_says_of_which_city_it_is(opened):
    tab = opened(f"?{SHORT}&tab=people&set=policy.rule_of_law=0.2")
    tab.shows(".note", "2,048 residents")
    tab.page.wait_for_selector(".legend .mine-mean")  # beside the mean of all
    tab.page.select_option("[data-pick=kind]", "PoliceStation")
    tab.shows("figcaption", "Recorded offences cleared")


def test_uncertainty_is_computed_while_another_tab_is_looked_at(opened):
    tab = opened(f"?{SHORT}&tab=doubts&set=policy.rule_of_law=0.2")
    tab.press("[data-pick=start]")
    tab.page.wait_for_selector("progress, .tornado")
    tab.open("share")
    tab.page.wait_for_selector(".share pre")
    tab.open("doubts")
    tab.page.wait_for_selector("progress, .tornado")  # and not the button to begin
    assert tab.page.locator("[data-pick=start]").count() == 0


def test_city_is_played_and_a_place_looked_at(opened):
    tab = opened(f"?{SHORT}&tab=map&set=policy.rule_of_law=0.2")
    tab.press("[data-pick=step]")
    tab.shows(".week", "Week 2 ")
    tab.press("[data-pick=play]")
    tab.until("() => +document.querySelector('.week').innerText.match(/[0-9]+/)[0] > 8")
    tab.page.focus("svg.map circle >> nth=0")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".map-page table")


def test_mixes_that_the_timeline_would_undo_are_explained_and_the_page_keeps_working(opened):
    tab = opened(f"?{SHORT}&tab=mix&set=timeline=[{{at: 10, set: {{policy.moral_education: 0.3}}}}]&set=policy.rule_of_law=0.1")
    tab.shows(".answer p", "Moral education")
    tab.open("curves")
    tab.page.wait_for_selector("[data-metric=stability]")


def test_mix_is_taken_from_the_picture(opened):
    tab = opened(f"?{SHORT}&tab=mix")
    tab.page.wait_for_selector("svg.ternary polygon >> nth=44")
    tab.until("() => !document.querySelector('.answer progress')")  # a picture that still fills in may be drawn anew under the mouse
    # A middle cell by name: the page above it may still be growing, so that no place on the screen is sure.
    tab.page.locator("svg.ternary polygon[data-key-pick='mix:0.5,0.25,0.25']").click(force=True)
    tab.address_has("policy.self_governance")
    tab.until("() => document.querySelectorAll('.lever.moved').length >= 2")


def test_whole_city_continues_while_a_lever_moves_and_says_for_what_it_began(opened):
    tab = opened("?set=horizon=8&tab=city&set=policy.rule_of_law=0.2")
    tab.press("[data-pick=start]")
    tab.page.wait_for_selector("progress, .answer .cards")
    tab.drag(0.1)
    tab.let_go()
    tab.shows(".old", "levers have been moved")
    tab.open("curves")
    tab.page.wait_for_selector("[data-metric=stability]")
    tab.open("city")
    tab.page.wait_for_selector(".answer .cards")


PAGES = 3


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="threads of another process are counted under /proc")
def test_closing_pages_in_the_middle_frees_their_threads(browser, own):
    """A page has a thread for its curves and one for the city that it runs; what all pages share stays after the first ones."""
    process, url = own
    _open_and_close(browser, url, PAGES)
    shared = settled(process)
    _open_and_close(browser, url, PAGES)
    patience = time.monotonic() + PATIENCE / 1000
    while threads(process) > shared + 1 and time.monotonic() < patience:
        time.sleep(0.1)
    assert threads(process) <= shared + 1  # their number at rest differs by one


def _open_and_close(browser, url, count):
    """Some pages at once, closed while their cities run."""
    pages = []
    for _ in range(count):
        pages.append(browser.new_context().new_page())
        pages[-1].set_default_timeout(PATIENCE)
        pages[-1].goto(f"{url}?tab=city")
        pages[-1].dispatch_event("[data-pick=start]", "click")
        pages[-1].wait_for_selector("progress")
    for page in pages:
        page.close()
        page.context.close()


def settled(process, seconds=5.0):
    """Threads of a process when their number has not changed for a while."""
    last, since = threads(process), time.monotonic()
    patience = since + PATIENCE / 1000
    while time.monotonic() < min(since + seconds, patience):
        time.sleep(0.1)
        if (now := threads(process)) != last:
            last, since = now, time.monotonic()
    return last


def threads(process):
    """Threads of a process."""
    return int(re.search(r"Threads:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1])
