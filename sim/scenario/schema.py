"""The scenario: a frozen, strict value that says everything a simulation needs to know."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from sim.scenario.city import CitySpec
from sim.scenario.mechanisms import complete as complete_mechanisms
from sim.scenario.policy import Policy, Stance
from sim.scenario.section import FrozenDict, Section, mistake, number_of
from sim.spec import ASSUMPTION, parameter
from sim.version import MODEL_VERSION

if TYPE_CHECKING:
    import numpy as np

WEEKS_A_YEAR = 52
LONGEST = 5200
PRESENTATION = ("name", "title", "description")
NOT_HASHED = (*PRESENTATION, "seed", "replicates")
_HORIZON = re.compile(r"\s*([0-9]{1,4})\s*(weeks|week|years|year)\s*")
_NOTE: Any = {"unit": "text", "source": "none"}


def weeks(horizon: Any) -> int:
    """Weeks of a horizon given as a whole number of weeks, ``"N weeks"`` or ``"N years"``."""
    expected = f"a number of weeks from 1 to {LONGEST}, or such as '5 years'"
    found = _HORIZON.fullmatch(horizon) if isinstance(horizon, str) else None
    if found:
        number = int(found[1]) * (WEEKS_A_YEAR if found[2].startswith("year") else 1)
    elif isinstance(horizon, int) and not isinstance(horizon, bool):
        number = horizon
    else:
        raise mistake(_short(horizon), expected, _near_horizon(horizon))
    if not 1 <= number <= LONGEST:
        raise mistake(_short(horizon), expected)
    return number


def _near_horizon(horizon: Any) -> str | None:
    if isinstance(horizon, float) and horizon.is_integer():
        return f"{horizon:.0f}"
    found = re.match(r"\s*([0-9]{1,4})\s*([wy])", horizon.lower()) if isinstance(horizon, str) else None
    return f"{found[1]} {'years' if found[2] == 'y' else 'weeks'}" if found else None


def _short(value: Any) -> str:
    from sim.scenario.scalars import shown

    return shown(value)


def _weight(what: str) -> Any:
    return parameter(1.0, f"weight of {what}", unit="relative weight", low=0.0, high=1000.0)


class Weighted(Section):
    """Relative weights with a positive sum."""

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        numbers = [number_of(given.get(name, field.default)) for name, field in cls.model_fields.items()]
        if all(number == 0 for number in numbers):
            yield (), mistake("weights that sum to 0", f"a positive weight for at least one of {', '.join(cls.model_fields)}")


class SatisfactionWeights(Weighted):
    """How belonging, happiness and security add up to satisfaction."""

    belonging: float = _weight("belonging")
    happiness: float = _weight("happiness")
    security: float = _weight("security")


class StabilityWeights(Weighted):
    """How order, calm, resolution and steadiness add up to stability."""

    order: float = _weight("order")
    calm: float = _weight("calm")
    resolution: float = _weight("resolution")
    steadiness: float = _weight("steadiness")


class Weights(Section):
    """Weights of the two headline metrics. Their parts are reported whatever the weights."""

    satisfaction: SatisfactionWeights = Field(default_factory=SatisfactionWeights, description="parts of satisfaction")
    stability: StabilityWeights = Field(default_factory=StabilityWeights, description="parts of stability")


class Scenario(Section):
    """What to simulate. Made by `sim.scenario.load_scenario` or `with_changes`; never changes."""

    schema_version: Literal[1] = Field(default=1, alias="schema", description="version of this file format", json_schema_extra=_NOTE)
    name: str = Field(
        pattern=r"^[A-Za-z0-9._-]{1,64}$", description="short name, used for folders; the file's name unless given", json_schema_extra=_NOTE
    )
    title: dict[Literal["en", "zh"], Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=dict,
        validate_default=True,
        description="title of the report, in English (en) and Chinese (zh)",
        json_schema_extra=_NOTE,
    )
    description: str = Field(default="", max_length=5000, description="which question the scenario answers", json_schema_extra=_NOTE)
    city: CitySpec = Field(default_factory=lambda: CitySpec.model_validate({}), description="which city, at which size")
    horizon: Annotated[int, BeforeValidator(weeks)] = Field(
        default=5 * WEEKS_A_YEAR,
        description="simulated time: weeks, or such as '5 years'",
        json_schema_extra={"unit": "weeks", "source": ASSUMPTION},
    )
    budget: float = parameter(
        1.0, "governance budget; 1 is that of the reference city for each resident", unit="reference budgets", low=0.0, high=10.0
    )
    policy: Policy = Field(default_factory=lambda: Policy.model_validate({}), description="the four levers: shares of the budget")
    stance: Stance = Field(default_factory=Stance, description="choices that cost no budget but have two sides")
    mechanisms: Annotated[dict[str, Any], PlainValidator(complete_mechanisms)] = Field(
        default_factory=dict, validate_default=True, description="mechanisms: switched on or off, and their parameters"
    )
    weights: Weights = Field(default_factory=Weights, description="how the headline metrics are made of their parts")
    replicates: int = parameter(10, "runs with different luck", unit="runs", low=1, high=10_000)
    seed: int = parameter(1, "seed of the first run's luck; the others follow from it", unit="whole number", low=0, high=2**63 - 1)

    @field_validator("name")
    @classmethod
    def _not_a_folder(cls, name: str) -> str:
        if not name.strip("."):
            raise mistake(repr(name), "a name with a letter or digit")
        return name

    @field_validator("title")
    @classmethod
    def _both_languages(cls, title: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        english = title.get("en", info.data.get("name", ""))
        return FrozenDict({"en": english, "zh": title.get("zh", english)})

    def with_changes(self, changes: Mapping[str, Any]) -> "Scenario":
        """Another scenario with some keys changed.

        Parameters
        ----------
        changes : mapping of str to value
            Dotted keys, as in ``{"policy.rule_of_law": 0.4, "mechanisms.norms.step": 0.1}``. A number for a lever changes its
            share and keeps its split; a mapping is merged, except a split, which is replaced.

        Raises
        ------
        sim.errors.ScenarioError
            With every problem at once.
        """
        from sim.scenario.loader import change

        return change(self, changes)

    def as_data(self) -> dict[str, Any]:
        """Every field as plain data, as it may stand in a file."""
        data = self.model_dump(by_alias=True, exclude={"city", "mechanisms"})
        data["title"] = dict(self.title)
        data["city"] = self.city.as_data()
        data["mechanisms"] = {name: settings.model_dump() for name, settings in self.mechanisms.items()}
        return data

    def canonical(self) -> dict[str, Any]:
        """Plain JSON of all that can matter to results, every default explicit, keys sorted; without title and description."""
        return _sorted({key: value for key, value in self.as_data().items() if key not in PRESENTATION or key == "name"})

    @cached_property
    def hash(self) -> str:
        """32 hexadecimal digits: equal exactly when two scenarios ask for the same simulation, whatever they are called."""
        what = {key: value for key, value in self.canonical().items() if key not in NOT_HASHED}
        return _digest(what, 16)

    def run_key(self, seed: int, replicates: int) -> str:
        """16 hexadecimal digits naming the runs of this scenario with this seed, this many replicates and this version of the model."""
        return _digest([self.hash, int(seed), int(replicates), MODEL_VERSION], 8)

    def lever_table(self) -> "np.ndarray":
        """Policy of every week, see `sim.scenario.timeline.lever_table`."""
        from sim.scenario.timeline import lever_table

        return lever_table(self)

    def __hash__(self) -> int:
        return hash((self.name, self.hash, self.seed, self.replicates))

    def __reduce__(self):
        from sim.scenario.loader import read_scenario

        return read_scenario, (self.as_data(),)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return value + 0.0 if isinstance(value, float) else value  # -0.0 becomes 0.0


def _digest(value: Any, size: int) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()
