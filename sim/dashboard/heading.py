"""The first lines of the page: what it shows, and in which city."""

from sim.dashboard.session import View
from sim.dashboard.small_city import is_substitute
from sim.errors import UserError
from sim.report.parts.settings import city_title, duration
from sim.report.text.catalogue import say
from sim.scenario import Scenario
from sim.scenario.cities.presets import preset_of


def lead(view: View) -> str:
    """How many weeks are simulated, and in which city; empty if no small city fits."""
    try:
        _, small = view.small_pair
    except UserError:
        return ""  # the message stands in place of the curves
    lives = say("dashboard_lead", view.lang, horizon=duration(small.horizon, view.lang))
    return lives + say("gap", view.lang) + which_city(view.reference, small, view.lang)


def which_city(whole: Scenario, small: Scenario, lang: str) -> str:
    """What the small city is: the scenario's own, a smaller version of it, or a synthetic one in its place."""
    city = small.city
    words = {
        "city": city_title(whole, lang),
        "residents": f"{city.population:,}",
        "whole": f"{whole.city.population:,}",
        "districts": len(preset_of(city).districts),
        "communities": len(city.communities.rows) if city.communities else 0,
    }
    if is_substitute(whole, small):
        return say("city_stands_in", lang, **words)
    if city.population == whole.city.population:
        return say("city_itself", lang, **words)
    return say("city_of_own" if city.communities else "city_in_small", lang, **words)
