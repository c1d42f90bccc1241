"""The EMA Workbench runs the model directly: policies over uncertain futures, then PRIM on the results.

    pip install 'sanzhi[emulate]'
    python docs/examples/ema_recipe.py

The workbench stops at the first run that fails and keeps nothing; `sanzhi sweep` records a failure and continues. This example is for
users who already have a workflow around the workbench.
"""

import warnings

import pandas as pd

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns about executors that are not installed
    from ema_workbench import Model, Policy, RealParameter, ScalarOutcome, SequentialEvaluator
    from ema_workbench.analysis import prim

import sanzhi

KEYS = {"bound": "mechanisms.norms.bound", "transparency": "stance.transparency", "rule_of_law": "policy.rule_of_law"}
"""The workbench's names, which must be words of Python, and the keys of the scenario."""
POLICIES = [Policy("little law", rule_of_law=0.1), Policy("as it is", rule_of_law=0.3)]


def model(weeks: int, residents: int) -> Model:
    """The simulation as a model of the workbench."""
    city = {"preset": "synthetic", "residents": residents}
    scenario = sanzhi.load_scenario("baseline").with_changes({"city": city, "horizon": weeks})

    def one_run(**given: float) -> dict[str, float]:
        run = sanzhi.simulate(scenario.with_changes({KEYS[name]: float(value) for name, value in given.items()}), seed=1)
        end = run.weekly.iloc[-1]
        return {"stability": float(end["stability"]), "satisfaction": float(end["satisfaction"])}

    made = Model("sanzhi", function=one_run)
    made.uncertainties = [RealParameter("bound", 0.1, 0.6), RealParameter("transparency", 0.0, 1.0)]
    made.levers = [RealParameter("rule_of_law", 0.05, 0.3)]
    made.outcomes = [ScalarOutcome("stability"), ScalarOutcome("satisfaction")]
    return made


def main(scenarios: int = 60, weeks: int = 52, residents: int = 1024) -> tuple[pd.DataFrame, dict, prim.PrimBox]:
    """Experiments, outcomes, and the box in which satisfaction is in its lowest quarter."""
    with SequentialEvaluator(model(weeks, residents)) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=scenarios, policies=POLICIES)
    low = outcomes["satisfaction"] <= pd.Series(outcomes["satisfaction"]).quantile(0.25)
    factors = experiments[["bound", "transparency", "rule_of_law"]].astype(float)
    box = prim.Prim(factors, low.astype(int), threshold=0.5).find_box()
    return experiments, outcomes, box


if __name__ == "__main__":
    _, _, found = main()
    print(found.peeling_trajectory.tail())
    print(found.box_lims[-1])
