"""Policy of a scenario: four levers, each a share of the budget with a split over its instruments, and stances."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from sim.levers import DEFAULT_SPLITS, LEVERS, REFERENCE_SHARES
from sim.messages import Joined, Message
from sim.scenario.schema.section import FrozenDict, Section, mistake, number_of, unknown
from sim.spec import ASSUMPTION, parameter

TOLERANCE = 1e-9
MOST_WEIGHT = 1e6
BUDGET: Any = parameter(
    1.0, "governance budget; 1 is that of the reference city for each resident", unit="reference budgets", low=0.0, high=10.0
)


def _share(lever: str, what: str) -> Any:
    return parameter(REFERENCE_SHARES[lever], f"share of the budget for {what}", unit="share of the budget", low=0.0, high=1.0)


class Lever(Section):
    """A share of the budget and its split over instruments.

    A split is one value: naming some instruments gives the others nothing. Without a split the defaults hold.
    """

    LEVER: ClassVar[str] = ""

    share: float
    split: dict[str, float] = Field(
        default_factory=dict,
        description="relative weights of the instruments; an instrument that is not named gets nothing; without a split the defaults hold",
        json_schema_extra={"unit": "relative weight", "source": ASSUMPTION},
    )

    @classmethod
    def complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        return given if "split" in given else {**given, "split": dict(DEFAULT_SPLITS[cls.LEVER])}

    @field_validator("split")
    @classmethod
    def _explicit(cls, split: dict[str, float]) -> dict[str, float]:
        return FrozenDict({name: split.get(name, 0.0) for name in LEVERS[cls.LEVER]})

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        split = given.get("split")
        if not isinstance(split, dict):
            return
        names = LEVERS[cls.LEVER]
        for name, weight in split.items():
            number = number_of(weight)
            if name not in names:
                yield ("split", name), unknown("unknown_key", names)
            elif number is not None and not 0 <= number <= MOST_WEIGHT:
                yield ("split", name), mistake(f"{number:g}", Message("a weight from 0 to {most:g}", most=MOST_WEIGHT))
        weights = [number_of(split.get(name, 0.0)) for name in names]
        if all(weight is not None for weight in weights) and sum(w for w in weights if w) == 0 and set(split) <= set(names):
            expected = Message("a positive weight for at least one of {names}", names=Joined(names))
            yield ("split",), mistake(Message("weights that sum to 0"), expected)


class SelfGovernance(Lever):
    """Councils, mediation, social organisations and workplaces."""

    LEVER = "self_governance"
    share: float = _share("self_governance", "self-governance (自治)")


class RuleOfLaw(Lever):
    """Policing, courts, oversight, legal aid and legislation."""

    LEVER = "rule_of_law"
    share: float = _share("rule_of_law", "the rule of law (法治)")


class MoralEducation(Lever):
    """Media, school, family and workplace."""

    LEVER = "moral_education"
    share: float = _share("moral_education", "moral education (德治)")


class PublicServices(Lever):
    """Education, employment, social security, health and housing."""

    LEVER = "public_services"
    share: float = _share("public_services", "public services")


class Policy(Section):
    """The four levers. Their shares sum to at most 1; what is left is spent on nothing and reported as unspent."""

    self_governance: SelfGovernance = Field(default_factory=lambda: SelfGovernance.model_validate({}), description="self-governance (自治)")
    rule_of_law: RuleOfLaw = Field(default_factory=lambda: RuleOfLaw.model_validate({}), description="rule of law (法治)")
    moral_education: MoralEducation = Field(default_factory=lambda: MoralEducation.model_validate({}), description="moral education (德治)")
    public_services: PublicServices = Field(default_factory=lambda: PublicServices.model_validate({}), description="public services")

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        shares = {name: _given_share(given.get(name, {}), default) for name, default in REFERENCE_SHARES.items()}
        counted = {name: share for name, share in shares.items() if share is not None and 0 <= share <= 1}
        total = sum(counted.values())
        if total > 1 + TOLERANCE:
            parts = Joined(f"{name} {share:g}" for name, share in counted.items())
            yield (), mistake(Message("shares that sum to {total:.10g} ({parts})", total=total, parts=parts), Message("at most 1 in all"))


def _given_share(lever: object, default: float) -> float | None:
    if isinstance(lever, dict):
        return number_of(lever.get("share", default))
    return lever.share if isinstance(lever, Lever) else number_of(lever)


class Stance(Section):
    """Choices that cost no budget but have two sides."""

    coordination: float = parameter(0.5, "how far units work under one lead", unit="share", low=0.0, high=1.0)
    layers: float = parameter(3.0, "layers of government that a matter passes", unit="layers", low=1.0, high=6.0)
    transparency: float = parameter(0.6, "how open the government is about what it does and fails to do", unit="share", low=0.0, high=1.0)
    information_stance: Literal["open", "answer", "wait", "suppress"] = Field(
        default="answer",
        description="how rumours and dissent are met: open and immediate answers, ordinary answers, waiting, suppression",
        json_schema_extra={"unit": "choice", "source": ASSUMPTION},
    )
    migrant_access: float = parameter(
        0.5, "share of public services open to residents without local registration", unit="share", low=0.0, high=1.0
    )
    digital_services: float = parameter(0.4, "share of services moved online", unit="share", low=0.0, high=1.0)
    service_projects: float = parameter(0.3, "weight of yearly service projects", unit="share", low=0.0, high=1.0)
    officials_visits: float = parameter(0.3, "how much officials visit communities", unit="share", low=0.0, high=1.0)
    appraisal_pressure: float = parameter(0.5, "how much hangs on the appraisal of districts", unit="share", low=0.0, high=1.0)
    appraisal_by: Literal["results", "residents"] = Field(
        default="results",
        description="what districts are appraised by: results (cases, offences), or scores of residents (services)",
        json_schema_extra={"unit": "choice", "source": ASSUMPTION},
    )
    audit: float = parameter(0.3, "share of spending and reports that is audited", unit="share", low=0.0, high=1.0)
    detection: float = parameter(0.3, "investment in cameras and automatic detection", unit="share", low=0.0, high=1.0)
    detection_threshold: float = parameter(
        0.5, "signal above which detection suspects somebody: low finds more, and more who did nothing", unit="share", low=0.0, high=1.0
    )
    privacy_protection: float = parameter(0.5, "limits to what detection may keep and combine", unit="share", low=0.0, high=1.0)
    patrol_targeting: Literal["even", "reported", "risk_score"] = Field(
        default="even",
        description="where police patrol: evenly by residents, where offences were recorded, or sharply where a risk score is high",
        json_schema_extra={"unit": "choice", "source": ASSUMPTION},
    )
    campaign: float = parameter(0.0, "intensity of a crackdown", unit="share", low=0.0, high=1.0)
    planning_horizon: float = parameter(3.0, "years that planning looks ahead", unit="years", low=0.5, high=15.0)
