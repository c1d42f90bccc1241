"""What the figure of each mechanism varies and shows, and the expected result."""

from dataclasses import dataclass, field
from typing import Any, Literal

from docs.making.cities import LEAN, OFTEN, QUARREL, STORIES, default, more
from sim.describe.levers import reference
from sim.levers import DEFAULT_SPLITS
from sim.scenario.schema.policy import Stance

SHARE = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
TIMES = (0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Money for an instrument, 1 = what its staff costs in the city as it is."""


@dataclass(frozen=True)
class Panel:
    """One metric of a figure.

    Parameters
    ----------
    metric : str
    way : str
        Whether it should rise or fall over the range, or bend: higher (hump) or lower (dip) inside than at both ends.
    since, until : int
        Weeks over which its mean is taken.
    note : str
        What these weeks are, where a figure shows several.
    """

    metric: str
    way: Literal["rises", "falls", "hump", "dip"]
    since: int = 104
    until: int = 208
    note: str = ""


@dataclass(frozen=True)
class Curve:
    """A sweep of one lever or parameter.

    Parameters
    ----------
    key : str
        Of the scenario; ``{}`` in `changes` of more than one key stands for the value.
    values : tuple of float
    usual : float
        The default, which the others are paired with.
    panels : tuple of Panel
    expects : str
        The expected result, written down before measuring.
    where : str
        In which city.
    changes : dict
        What else is set, the same for all values.
    """

    key: str
    label: str
    values: tuple[float, ...]
    usual: float
    panels: tuple[Panel, ...]
    expects: str
    where: str = "in a synthetic city of 4,000"
    changes: dict[str, Any] = field(default_factory=dict)
    residents: int = 4000

    def setting(self, value: float) -> dict[str, Any]:
        """Changes to the scenario that give the swept thing this value."""
        if self.key == "shocks":
            return {"shocks": [{"kind": "disaster", "at": 26, "lasts": 8, "strength": value}]}
        if self.key == "timeline":
            steps = [{"at": 52, "set": {"stance.campaign": value}}, {"at": 78, "set": {"stance.campaign": 0.0}}]
            return {"timeline": steps} if value else {}
        if self.key.count(".") == 3:
            _, lever, _, part = self.key.split(".")
            return more(f"{lever}.{part}", _added(f"{lever}.{part}", value))
        return {self.key: value}


def _added(instrument: str, times: float) -> float:
    """Money to add to what an instrument has in a lean city, so that it has `times` its reference."""
    lever, part = instrument.split(".")
    own = LEAN[f"policy.{lever}"] * DEFAULT_SPLITS[lever][part] / sum(DEFAULT_SPLITS[lever].values())
    return times * reference(instrument) - own


def money(name: str, label: str, panels: tuple[Panel, ...], expects: str, **more_: Any) -> Curve:
    """A sweep of what an instrument gets."""
    lever, part = name.split(".")
    room = 1.0 - sum(LEAN.values())
    values = tuple(times for times in TIMES if _added(name, times) <= room)
    return Curve(
        f"policy.{lever}.split.{part}", f"money for {label} (1 = what its staff costs today)", values, 1.0, panels, expects, **more_
    )


def stance(name: str, label: str, panels: tuple[Panel, ...], expects: str, values: tuple[float, ...] = SHARE, **more_: Any) -> Curve:
    """A sweep of a stance."""
    usual = Stance.model_fields[name].default
    return Curve(f"stance.{name}", label, tuple(sorted({*values, usual})), usual, panels, expects, **more_)


def parameter(name: str, label: str, values: tuple[float, ...], panels: tuple[Panel, ...], expects: str, **more_: Any) -> Curve:
    """A sweep of a parameter of a mechanism."""
    usual = default(name)
    return Curve(f"mechanisms.{name}", label, tuple(sorted({*values, usual})), usual, panels, expects, **more_)


def _year(metric: str, way: Any, since: int, until: int, note: str = "") -> Panel:
    return Panel(metric, way, since, until, note)


CURVES: dict[str, Curve] = {
    "shocks": Curve(
        "shocks",
        "strength of a disaster that lasts eight weeks",
        SHARE,
        0.0,
        (_year("service", "falls", 26, 39), _year("security", "falls", 26, 39), _year("volunteers", "rises", 26, 39)),
        "In the quarter from its first week perceived service and security should fall, and more people help.",
    ),
    "integrity": stance(
        "audit",
        "share of spending and reports that is audited",
        (Panel("budget_leaked", "falls"), Panel("resolved_share", "falls")),
        "Leakage should fall, with diminishing returns; cautious officials should resolve fewer requests as audits rise.",
    ),
    "budget": Curve(
        "budget",
        "governance budget (1 = that of the city today)",
        (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0),
        1.0,
        (Panel("service", "rises"), Panel("sanction_risk", "rises"), Panel("budget_leaked", "rises")),
        "Services and certainty of sanction should rise with diminishing returns; the money that leaks should grow with spending.",
    ),
    "coordination": stance(
        "coordination",
        "coordination",
        (Panel("resolution", "hump"), Panel("service", "falls"), Panel("legitimacy", "falls")),
        "Faster hand-offs should end cases sooner, until offices fail more often as their work fits less: best between .5 and .75. "
        "Services should fall, faster at the upper end, as work fits local needs less, and legitimacy with them.",
        changes=QUARREL,
        where="in a city of many disputes",
    ),
    "mass_work": stance(
        "officials_visits",
        "how much officials visit communities",
        (Panel("efficacy", "rises"), Panel("service", "falls"), Panel("legitimacy", "falls")),
        "Residents should feel heard, and efficacy rise. The time for visits should reduce services, which should lower legitimacy "
        "about as "
        "much as being heard raises it.",
    ),
    "livelihood": money(
        "public_services.employment",
        "employment services",
        (Panel("jobless", "falls"), Panel("strain", "falls")),
        "Unemployment should fall, with diminishing returns, and strain should fall.",
    ),
    "services": Curve(
        "policy.public_services",
        "share of the budget for public services",
        (0.05, 0.1, 0.2, 0.3, 0.4, 0.45),
        0.4,
        (Panel("service", "rises"), Panel("expectation", "rises"), Panel("satisfaction", "rises")),
        "Perceived service should rise with diminishing returns and expectations with it, so that satisfaction gains less than service.",
    ),
    "integration": stance(
        "migrant_access",
        "share of services open to residents without local registration",
        (Panel("integration", "rises"), Panel("gap_satisfaction", "falls"), Panel("gap_service", "falls")),
        "Newcomers should settle in, and the gaps to local residents in service and in satisfaction narrow.",
    ),
    "congestion": stance(
        "planning_horizon",
        "planning horizon in years",
        (Panel("burden", "falls"), Panel("integration", "falls")),
        "The burden should fall with diminishing returns; restrained inflow should reduce integration slightly.",
        values=(0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0),
    ),
    "participation": money(
        "self_governance.councils",
        "councils",
        (Panel("efficacy", "rises"), Panel("burn_out", "rises"), Panel("turnout", "rises")),
        "Voice should raise efficacy and turnout, until capture offsets it; more requested hours should lead to more burn-out.",
    ),
    "collective_efficacy": parameter(
        "collective_efficacy.base",
        "initial trust in a neighbourhood",
        (0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
        (Panel("cohesion", "rises"), Panel("offences", "falls"), Panel("belonging", "rises")),
        "Cohesion should follow, offences fall and belonging rise.",
    ),
    "norms": money(
        "moral_education.media",
        "media",
        (Panel("norm", "rises"), Panel("credibility", "falls")),
        "The civic norm should rise slightly, with diminishing returns, while credibility falls: messages promise more than residents "
        "experience.",
    ),
    "rumour": parameter(
        "rumour.beta",
        "probability of adopting a rumour from one tie",
        (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12),
        (_year("rumour_share", "rises", 26, 104), _year("security", "falls", 26, 104), _year("legitimacy", "falls", 26, 104)),
        "Below a threshold a rumour should die out near its source; above it most people should believe it for a while, and security and "
        "legitimacy fall.",
        changes={"shocks": STORIES["shocks"]},
        where="in a city with four rumours",
    ),
    "disputes": parameter(
        "disputes.rate",
        "disputes per adult and year",
        (0.05, 0.15, 0.25, 0.4, 0.6, 0.8),
        (Panel("rate_disputes", "rises"), Panel("resolution", "falls"), Panel("grievance", "rises")),
        "Disputes should follow the rate, a little less than in proportion (one at a time each); as queues fill, resolution should fall "
        "and grievance rise faster.",
    ),
    "resolution": money(
        "self_governance.mediation",
        "mediation",
        (Panel("rate_mediation", "rises"), Panel("settlements_back", "rises"), Panel("resolution", "rises")),
        "More cases should be mediated and ended sooner; pushed mediation should bring more settlements that come back.",
        changes=QUARREL,
        where="in a city of many disputes",
    ),
    "detection": stance(
        "detection_threshold",
        "signal above which detection suspects somebody",
        (Panel("false_flags", "falls"), Panel("detection_precision", "rises"), Panel("rate_cleared_share", "falls")),
        "A higher threshold should suspect fewer innocent people, be right more often, and find fewer offenders.",
        changes=OFTEN,
        where="in a city of many offences",
    ),
    "campaign": Curve(
        "timeline",
        "intensity of a crackdown that lasts half a year",
        SHARE,
        0.0,
        (
            _year("offences", "falls", 52, 65, "its first quarter"),
            _year("offences", "falls", 78, 91, "the quarter after it"),
            _year("wrongful_cases", "rises", 52, 104, "year of the crackdown"),
        ),
        "Offences should fall while the crackdown is new and rebound slightly after it; some people should be detained wrongfully.",
        changes=OFTEN,
        where="in a city of many offences",
    ),
    "offending": parameter(
        "offending.theta",
        "near repeats caused by an offence",
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
        (Panel("offences", "rises"), Panel("order", "falls"), Panel("security", "falls")),
        "Offences should rise as 1 / (1 - theta), less the response of police and fear; order and security should fall.",
    ),
    "policing": money(
        "rule_of_law.policing",
        "policing",
        (Panel("sanction_risk", "rises"), Panel("offences", "falls"), Panel("wrongful_stops", "rises")),
        "The perceived certainty of sanction should rise and offences fall, both with diminishing returns; fruitless stops should rise.",
        changes=OFTEN,
        where="in a city of many offences",
    ),
    "unrest": parameter(
        "unrest.stir",
        "grievance of those whom a trigger concerns",
        (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8),
        (Panel("active", "rises"), Panel("calm", "falls"), Panel("security", "falls")),
        "Nothing should happen below a threshold, where G (1 - L) stays under T; above it protest should come in bursts, and lower "
        "calm and security.",
        changes={"mechanisms.unrest.spontaneous": 400 * default("unrest.spontaneous")},
        where="in a city of many triggers",
    ),
    "procedural_justice": money(
        "rule_of_law.oversight",
        "oversight",
        (Panel("legitimacy", "rises"), Panel("wrongful_stops", "falls"), Panel("resolved_share", "falls")),
        "Legitimacy should rise with supervision and fewer wrongful stops, with diminishing returns; more cautious officials "
        "should leave more requests unresolved.",
    ),
    "satisfaction": parameter(
        "satisfaction.promise",
        "expectation added by public messages",
        (0.0, 0.02, 0.05, 0.1, 0.15, 0.2),
        (Panel("expectation", "rises"), Panel("happiness", "falls"), Panel("satisfaction", "falls")),
        "Promises should raise expectations and, with unchanged services, lower happiness and satisfaction.",
    ),
    "appraisal": stance(
        "appraisal_pressure",
        "weight of the appraisal of districts",
        (Panel("overstated", "rises"), Panel("credibility", "falls"), Panel("service", "falls")),
        "Reports should overstate more, credibility should fall, and services, which are not measured here, should receive less effort.",
    ),
}
"""By mechanism."""
