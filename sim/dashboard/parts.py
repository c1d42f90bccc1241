"""The parts of the page that are written in Vue, as Solara components."""

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("fragment.vue")
def Fragment(html: str = "", event_picked: Callable[[dict], None] | None = None):
    """HTML with events from elements that have ``data-pick``: their value, the text typed, or the position in a figure."""


@solara.component_vue("levers.vue")
def Levers(
    groups: list[dict[str, Any]] | None = None,
    event_dragged: Callable[[dict], None] | None = None,
    event_released: Callable[[dict], None] | None = None,
):
    """Sliders and choices. While one is dragged, its next position is sent after the page has drawn the result for the last."""


@solara.component_vue("files.vue")
def Files(
    names: list[str] | None = None,
    source: str = "",
    words: dict[str, str] | None = None,
    limit: int = 0,
    event_load: Callable[[str], None] | None = None,
    event_opened: Callable[[dict], None] | None = None,
    event_save: Callable[[str], None] | None = None,
):
    """Choose, open and save scenarios."""


@solara.component_vue("place.vue")
def Place(query: str = "", lang: str = "en"):
    """Keeps the address up to date with what is shown."""
