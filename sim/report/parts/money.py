"""Money and staff as texts, with the currency of the city."""

from sim.report.parts.numbers import percent
from sim.report.text.catalogue import say
from sim.scenario.cities.currencies import YUAN


def currency_name(currency: str, lang: str) -> str:
    """The currency in words: yuan, or its code."""
    return say("yuan", lang) if currency == YUAN else currency


def amount(value: float) -> str:
    """Money per resident and year: whole units from 100 on."""
    return f"{value:,.0f}" if abs(value) >= 99.95 else f"{value:.1f}"


def per_resident(value: float, currency: str, lang: str) -> str:
    """Money per resident and year with its unit."""
    return say("money_per_resident", lang, value=amount(value), currency=currency_name(currency, lang))


def millions_number(value: float, lang: str) -> str:
    """Money of the whole city per year in millions; in Chinese, which counts so, in hundred millions. The value is in millions."""
    shown = value / 100 if lang == "zh" else value
    return f"{shown:,.0f}" if shown >= 100 else f"{shown:.3g}"


def millions(value: float, currency: str, lang: str) -> str:
    """As `millions_number`, with the unit."""
    return say("money_millions", lang, value=millions_number(value, lang), currency=currency_name(currency, lang))


def per_people(value: float, lang: str) -> str:
    """Staff per 10,000 residents with its unit."""
    return say("staff_per_people", lang, value=f"{value:.3g}")


def amount_in_form(value: float, form: str, currency: str, lang: str) -> str:
    """What a lever or an instrument gets, in the form in which it is given (see `sim.scenario.schema.policy.FORMS`)."""
    if form == "yuan":
        return per_resident(value, currency, lang)
    return per_people(value, lang) if form == "staff" else percent(value)
