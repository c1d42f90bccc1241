"""The fields of a scenario and their validation."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, PlainValidator, ValidationError, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from sim import plugin_registry
from sim.kept import last_kept
from sim.messages import LANGUAGES, Joined, Message
from sim.scenario.cities import coefficients
from sim.scenario.cities.currencies import money_key
from sim.scenario.cities.presets import SYNTHETIC, figures_of, load_preset, preset_of, residents_of
from sim.scenario.cities.staffing import staffing_of
from sim.scenario.parsing import names
from sim.scenario.parsing.scalars import shown
from sim.scenario.schema import bilingual, canonical, shocks, spending, targets, timeline, times, today
from sim.scenario.schema.changes import MOST_CHANGES, Change, in_order, settled
from sim.scenario.schema.city import CitySpec
from sim.scenario.schema.mechanisms import complete as complete_mechanisms
from sim.scenario.schema.mechanisms import section as mechanisms_section
from sim.scenario.schema.policy import BUDGET, Policy, Stance, in_shares
from sim.scenario.schema.rules import MOST_RULES, RuleEntry
from sim.scenario.schema.section import FrozenDict, Section, mistake, number_of
from sim.scenario.schema.shocks import Shock
from sim.scenario.schema.targets import Target
from sim.scenario.schema.times import WEEKS_A_YEAR
from sim.spec import ASSUMPTION, parameter
from sim.version import MODEL_VERSION

if TYPE_CHECKING:
    pass

PRESENTATION = ("name", "title", "description")
NOT_HASHED = (*PRESENTATION, "seed", "replicates")
MOST_TARGETS = MOST_SHOCKS = 1000
MOST_PLUGINS = 20
LISTS = ("timeline", "shocks", "targets", "rules", "plugins")
"""Keys whose values are lists of entries."""
_NOTE: Any = {"unit": "text", "source": "none"}
_TEXT: Any = {"type": "string", "maxLength": bilingual.LONGEST}
_DESCRIPTION: Any = {"anyOf": [_TEXT, {"type": "object", "properties": dict.fromkeys(LANGUAGES, _TEXT), "additionalProperties": False}]}


def _weight(what: str) -> Any:
    return parameter(1.0, f"weight of {what}", unit="relative weight", low=0.0, high=1000.0)


class Weighted(Section):
    """Relative weights with a positive sum."""

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], PydanticCustomError]]:
        numbers = [number_of(given.get(name, field.default)) for name, field in cls.model_fields.items()]
        if all(number == 0 for number in numbers):
            expected = Message("a positive weight for at least one of {names}", names=Joined(cls.model_fields))
            yield (), mistake(Message("weights that sum to 0"), expected)


class SatisfactionWeights(Weighted):
    """Weights of belonging, happiness and security in satisfaction."""

    belonging: float = _weight("belonging")
    happiness: float = _weight("happiness")
    security: float = _weight("security")


class StabilityWeights(Weighted):
    """Weights of order, calm and resolution in stability."""

    order: float = _weight("order")
    calm: float = _weight("calm")
    resolution: float = _weight("resolution")


class Weights(Section):
    """Weights of the two headline metrics. Their parts are reported in any case."""

    satisfaction: SatisfactionWeights = Field(default_factory=SatisfactionWeights, description="parts of satisfaction")
    stability: StabilityWeights = Field(default_factory=StabilityWeights, description="parts of stability")


class PluginEntry(Section):
    """One plug-in: its name, and its code as the text of its file, or as version and hash of an installed plug-in."""

    plugin: str = Field(
        min_length=1,
        max_length=300,
        description="a file beside the scenario, as in night_markets.py, or the name of an installed plug-in",
        json_schema_extra=_NOTE,
    )
    source: str = Field(
        default="", max_length=256 * 1024, description="text of the file; taken from the file when left out", json_schema_extra=_NOTE
    )
    version: str = Field(default="", max_length=100, description="version of an installed plug-in", json_schema_extra=_NOTE)
    digest: str = Field(default="", max_length=64, description="hash of the code of an installed plug-in", json_schema_extra=_NOTE)

    def as_data(self) -> dict[str, Any]:
        """The plug-in as plain data, as in a file."""
        return {key: value for key, value in self.model_dump().items() if value}


class ScenarioFields(Section):
    """Every key of a scenario and its allowed values; for the methods of scenarios see `sim.scenario.scenario`."""

    OUTSIDE: ClassVar[tuple] = ()
    METRICS_OUTSIDE: ClassVar[tuple[str, ...]] = ()
    """Mechanisms and metrics of plug-ins (see `sim.scenario.loading.plugins`)."""

    schema_version: Literal[1] = Field(default=1, alias="schema", description="version of this file format", json_schema_extra=_NOTE)
    name: str = Field(
        description="short name, used for folders; the file's name unless given", json_schema_extra=_NOTE | {"pattern": names.PATTERN}
    )
    title: dict[Literal["en", "zh"], Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=dict,
        validate_default=True,
        description="title of the report, in English (en) and Chinese (zh)",
        json_schema_extra=_NOTE,
    )
    description: Annotated[bilingual.Text, PlainValidator(bilingual.description), WithJsonSchema(_DESCRIPTION)] = Field(
        default="", description="which question the scenario answers, or a mapping with en and zh", json_schema_extra=_NOTE
    )
    city: CitySpec = Field(default_factory=lambda: CitySpec.model_validate({}), description="which city, at which size")
    horizon: Annotated[int, BeforeValidator(times.horizon)] = Field(
        default=5 * WEEKS_A_YEAR,
        description="simulated time: weeks, or such as '5 years'",
        json_schema_extra={"unit": "weeks", "source": ASSUMPTION},
    )
    budget: float = BUDGET
    policy: Policy = Field(default_factory=lambda: Policy.model_validate({}), description="the four levers: shares of the budget")
    stance: Stance = Field(default_factory=Stance, description="choices that cost no budget but have two sides")
    timeline: Annotated[tuple[Change, ...], Field(strict=False)] = Field(
        default=(),
        max_length=MOST_CHANGES,
        description="changes of levers over time: from when on, over which time, to which values",
        json_schema_extra={"unit": "list", "source": ASSUMPTION},
    )
    shocks: Annotated[tuple[Shock, ...], Field(strict=False)] = Field(
        default=(),
        max_length=MOST_SHOCKS,
        description="shocks to the city: kind, first week, duration, strength, location",
        json_schema_extra={"unit": "list", "source": ASSUMPTION},
    )
    targets: Annotated[tuple[Target, ...], Field(strict=False)] = Field(
        default=(),
        max_length=MOST_TARGETS,
        description="what is to be reached by when, and who answers for it",
        json_schema_extra={"unit": "list", "source": ASSUMPTION},
    )
    rules: Annotated[tuple[RuleEntry, ...], Field(strict=False)] = Field(
        default=(),
        max_length=MOST_RULES,
        description="rules in plain Python, in files beside the scenario: which, and with which parameters",
        json_schema_extra={"unit": "list", "source": ASSUMPTION},
    )
    plugins: Annotated[tuple[PluginEntry, ...], Field(strict=False)] = Field(
        default=(),
        max_length=MOST_PLUGINS,
        description="plug-ins: files beside the scenario, or installed packages, that bring mechanisms, levers and metrics",
        json_schema_extra={"unit": "list", "source": ASSUMPTION},
    )
    mechanisms: Annotated[dict[str, Any], PlainValidator(complete_mechanisms)] = Field(
        default_factory=dict, validate_default=True, description="mechanisms: switched on or off, and their parameters"
    )
    weights: Weights = Field(default_factory=Weights, description="how the headline metrics are made of their parts")
    replicates: int = parameter(10, "runs with different random numbers", unit="runs", low=1, high=10_000)
    seed: int = parameter(
        1, "seed of the first run; the seeds of the others are derived from it", unit="whole number", low=0, high=2**63 - 1
    )

    @field_validator("name")
    @classmethod
    def _good_name(cls, name: str) -> str:
        if not names.good(name):
            raise mistake(shown(name), names.EXPECTED, names.tidy(name))
        return name

    @field_validator("title")
    @classmethod
    def _both_languages(cls, title: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        english = title.get("en", info.data.get("name", ""))
        return FrozenDict({"en": english, "zh": title.get("zh", english)})

    @field_validator("timeline")
    @classmethod
    def _by_week(cls, changes: tuple[Change, ...], info: ValidationInfo) -> tuple[Change, ...]:
        """Sort changes by week, and use the English names of districts."""
        city = info.data.get("city")
        if city is None or all(change.where is None for change in changes):
            return in_order(changes)
        return in_order(settled(change, _district_names(city)) for change in changes)

    @field_validator("shocks")
    @classmethod
    def _by_district(cls, given: tuple[Shock, ...], info: ValidationInfo) -> tuple[Shock, ...]:
        """Sort shocks by week, and use the English names of districts."""
        city = info.data.get("city")
        found = given if city is None or not given else tuple(shocks.settled(shock, _district_names(city)) for shock in given)
        return tuple(sorted(found, key=lambda shock: (shock.at, shock.text)))

    @field_validator("targets")
    @classmethod
    def _settled(cls, given: tuple[Target, ...], info: ValidationInfo) -> tuple[Target, ...]:
        """Set targets due at the end to the last week, and use the English names of districts."""
        weeks, city = info.data.get("horizon"), info.data.get("city")
        if not given or weeks is None or city is None:
            return given
        return tuple(targets.settled(target, weeks, _district_names(city)) for target in given)

    @classmethod
    def across(cls, given: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], PydanticCustomError]]:
        weeks = _sound(times.horizon, given.get("horizon", 5 * WEEKS_A_YEAR))
        yield from cls._spending(given, weeks)
        if given.get("shocks"):
            valid, _ = _sound_entries(Shock, given["shocks"])
            city = _sound(CitySpec.model_validate, given.get("city", {}))
            districts = None if city is None else _district_names(city)
            communities = None if city is None else _community_names(city)
            for path, error in shocks.mistakes(valid, districts, communities, weeks):
                yield ("shocks", *path), error
        if given.get("targets"):
            found, _ = _sound_entries(Target, given["targets"])
            city = _sound(CitySpec.model_validate, given.get("city", {}))
            for index, target in found:
                if target.metric in plugin_registry.METRICS and target.metric not in cls.METRICS_OUTSIDE:
                    yield ("targets", index, "metric"), mistake(target.metric, "a metric of the package or of a plug-in named here")
            for path, error in targets.mistakes(found, None if city is None else _district_names(city), weeks):
                yield ("targets", *path), error

    @classmethod
    def _spending(cls, given: dict[str, Any], weeks: int | None) -> Iterator[tuple[tuple[str | int, ...], PydanticCustomError]]:
        """Mistakes of the timeline, and of a policy that costs more than the budget or employs too many."""
        plain = isinstance(given.get("policy", {}), Mapping) and in_shares(given.get("policy", {}))
        if plain and not given.get("timeline"):
            return
        city = _sound(CitySpec.model_validate, given.get("city", {}))
        budget = number_of(given.get("budget", 1.0))
        staffing = staffing_of(load_preset(SYNTHETIC)) if city is None else staffing_of(figures_of(city), city.staffing.values)
        policy = _sound(Policy.model_validate, cls.complete(given)["policy"])
        if policy is not None and city is not None and budget is not None and not plain:
            problems = list(spending.policy_mistakes(policy, budget, staffing))
            for path, error in problems:
                yield ("policy", *path), error
            policy = None if problems else policy
        if given.get("timeline"):
            kind = get_args(cls.model_fields["timeline"].annotation)[0]  # with the stances of plug-ins, if any
            changes, complete = _sound_entries(kind, given["timeline"])
            placed = city is not None and any(not change.plain for _, change in changes)
            names, residents = (_district_names(city), residents_of(city)) if placed else ({}, {})
            parts = timeline.Given(policy, weeks, budget, staffing, city is not None, names, residents)
            for where, error in timeline.mistakes(changes, parts, complete):
                yield ("timeline", *where), error

    @classmethod
    def complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Fill in what the scenario does not state and its city does: shares and splits of its staff of today, and its coefficients."""
        city = given.get("city", {})
        preset = today.preset_in(city)
        mechanisms = coefficients.completed(given.get("mechanisms", {}), preset.mechanisms if preset else {})
        return {**given, "policy": today.completed(given.get("policy", {}), city), "mechanisms": mechanisms}

    @property
    def money_key(self) -> str:
        """Key of an amount in the currency of the city, such as ``yuan``."""
        return money_key(figures_of(self.city).currency)

    def as_data(self, texts: bool = True, checked: Collection[str] = ()) -> dict[str, Any]:
        """Every field as plain data, as in a file, without empty lists. Tables are text if `texts`, otherwise unchanged.

        Sections named in `checked` are passed unchanged, so that another scenario with the same sections need not validate them again.
        """
        key = self.money_key
        data = self.model_dump(by_alias=True, exclude={"city", "policy", "mechanisms", *checked, *LISTS})
        data |= {"policy": self.policy.as_data(key), "title": dict(self.title), "description": bilingual.plain(self.description)}
        data |= {name: getattr(self, name) for name in checked}
        if "city" not in checked:
            data["city"] = self.city.as_data(texts)
        if "mechanisms" not in checked:
            data["mechanisms"] = {name: settings.model_dump() for name, settings in self.mechanisms.items()}
        lists = {name: [entry.as_data() for entry in getattr(self, name)] for name in LISTS if name != "timeline"}
        lists["timeline"] = [entry.as_data(key) for entry in self.timeline]
        return data | {key: entries for key, entries in lists.items() if entries}

    def canonical(self) -> dict[str, Any]:
        """Plain JSON of everything that can affect results, with explicit defaults and sorted keys; without title and description."""
        return canonical.in_order({key: value for key, value in self.as_data().items() if key not in PRESENTATION or key == "name"})

    def described(self, lang: str) -> str:
        """The description in one language, or in the other language if it has only that.

        Parameters
        ----------
        lang : str
            ``"en"`` or ``"zh"``.
        """
        return bilingual.in_language(self.description, lang)

    @cached_property
    def hash(self) -> str:
        """32 hexadecimal digits, equal exactly if two scenarios describe the same simulation, whatever their names (see `canonical`)."""
        usual = _defaults(type(self), mechanisms_section(self.OUTSIDE))
        what = {key: value for key, value in self.as_data(checked=("mechanisms",)).items() if key not in (*NOT_HASHED, "mechanisms")}
        found = canonical.beyond(what, usual) | _unusual(self.mechanisms, usual)
        return canonical.digest(canonical.in_order(found), 16)

    def run_key(self, seed: int, replicates: int) -> str:
        """16 hexadecimal digits that identify the runs of this scenario with a `seed`, a number of `replicates` and the model version."""
        return canonical.digest([self.hash, int(seed), int(replicates), MODEL_VERSION], 8)

    def __hash__(self) -> int:
        return hash((self.name, self.hash, self.seed, self.replicates))


@cache
def _defaults(kind: type[ScenarioFields], _mechanisms: type[Section]) -> dict[str, Any]:
    """Canonical form of a scenario with all values at their defaults."""
    return kind(name="defaults").canonical()


@last_kept
def _unusual(mechanisms: Mapping[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    """The section of mechanisms with what differs from the defaults; empty if nothing does."""
    return canonical.beyond({"mechanisms": {name: settings.model_dump() for name, settings in mechanisms.items()}}, usual)


def _district_names(city: CitySpec) -> dict[str, str]:
    """Every name of each district, with its name in tables."""
    districts = preset_of(city).districts
    return {**{d.name_zh: d.name for d in districts if d.name_zh}, **{d.name: d.name for d in districts}}


def _community_names(city: CitySpec) -> tuple[str, ...]:
    """Names of a user's own communities; empty for generated communities."""
    return tuple(community.community for community in getattr(preset_of(city), "communities", ()))


def _sound(read: Callable[[Any], Any], value: Any) -> Any:
    """Result of `read` for a value, or None if it is refused (which is reported elsewhere)."""
    try:
        return read(value)
    except (ValidationError, PydanticCustomError):
        return None


def _sound_entries(kind: type[Section], entries: Any) -> tuple[list[tuple[int, Any]], bool]:
    """The valid entries of a list, each with its index, and whether all are valid."""
    given = list(entries) if isinstance(entries, Iterable) and not isinstance(entries, (str, Mapping)) else []
    found = [(index, _sound(kind.model_validate, entry)) for index, entry in enumerate(given)]
    sound = [(index, entry) for index, entry in found if entry is not None]
    return sound, len(sound) == len(given)
