"""Kinds of shock, registered once, and the record of one shock.

A leaf module: scenarios list shocks, and the mechanism `shocks` defines the effects of each kind.
"""

import numpy as np

SHOCKS: dict[str, dict[str, str]] = {
    "layoffs": {"en": "workers lose their jobs", "zh": "在业者失去工作"},
    "service_outage": {"en": "services fail", "zh": "公共服务中断"},
    "major_incident": {"en": "fear, a trigger of unrest, a rumour", "zh": "引发恐惧、聚集与谣言"},
    "rumour": {"en": "a rumour starts from many people at once", "zh": "一则谣言同时从多处传开"},
    "influx": {
        "en": "visitors crowd in and newcomers replace residents without local registration",
        "zh": "访客涌入，新来者取代部分外来居民",
    },
    "disaster": {"en": "services and work are interrupted, fear; people help each other", "zh": "服务与工作中断，人心恐慌；人们也互相帮助"},
    "crowd_event": {"en": "a crowd gathers, in which protest is easily triggered", "zh": "人群聚集，容易生事"},
    "closure": {"en": "a facility of one service closes, such as a hospital", "zh": "某一项公共服务的设施关闭，例如一家医院"},
}
"""Description of each kind of shock, by language, in the order of their codes."""

SHOCK_KINDS: tuple[str, ...] = tuple(SHOCKS)
"""Kinds of shock, in the order of their codes."""

SHOCK = np.dtype(
    (
        np.record,
        [
            ("kind", "i4"),
            ("at", "i4"),  # first week
            ("end", "i4"),  # first week after it
            ("strength", "f4"),  # 0..1
            ("first_community", "i4"),
            ("last_community", "i4"),  # one past the last affected community
            ("service", "i4"),  # of a closure: which service, see sim.levers
        ],
    )
)
"""Record of one shock: kind, weeks, strength, affected communities and service."""
