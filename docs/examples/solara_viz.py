"""Mesa's own visualisation of the model. Open it with: solara run docs/examples/solara_viz.py"""

from mesa.visualization import Slider, SolaraViz, make_plot_component

from sanzhi import GovernanceModel

shares = {"self_governance": (0.15, 0.2), "rule_of_law": (0.3, 0.3), "moral_education": (0.1, 0.1)}  # reference, most beside services
levers = {name: Slider(name.replace("_", " "), value=share, min=0.0, max=most, step=0.01) for name, (share, most) in shares.items()}
model = GovernanceModel(seed=1)
curves = make_plot_component(["stability", "satisfaction"])
page = SolaraViz(model, components=[curves], model_params=levers, name="sanzhi")
page  # noqa: B018
