"""Mesa's own visualisation of the model. Open it with: solara run docs/examples/solara_viz.py"""

from mesa.visualization import SolaraViz, make_plot_component

from sim import GovernanceModel

model = GovernanceModel(seed=1, horizon=260)
levers = {
    name: {"type": "SliderFloat", "value": share, "label": name.replace("_", " "), "min": 0.0, "max": 0.3, "step": 0.01}
    for name, share in {"self_governance": 0.15, "rule_of_law": 0.3, "moral_education": 0.1}.items()
}
page = SolaraViz(
    model, components=[make_plot_component(["stability", "satisfaction"])], model_params={"horizon": 260, **levers}, name="sanzhi"
)
page  # noqa: B018
