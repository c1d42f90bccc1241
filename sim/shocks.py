"""Kinds of shock, registered once, and the record of one that strikes.

A leaf: scenarios list shocks, the mechanism `shocks` (which says what each does, and how much) lets them act.
"""

import numpy as np

SHOCKS: dict[str, dict[str, str]] = {
    "layoffs": {"en": "working people lose their work", "zh": "在业者失去工作"},
    "service_outage": {"en": "services fail", "zh": "公共服务中断"},
    "major_incident": {"en": "fear, a trigger of unrest, a rumour", "zh": "引发恐惧、聚集与谣言"},
    "rumour": {"en": "a story starts from many mouths at once", "zh": "一则谣言同时从多处传开"},
    "influx": {
        "en": "visitors crowd in and newcomers replace residents without local registration",
        "zh": "访客涌入，新来者取代部分外来居民",
    },
    "disaster": {"en": "services and work fail, fear; and people help each other", "zh": "服务与工作中断，人心恐慌；人们也互相帮助"},
    "crowd_event": {"en": "a crowd gathers, in which sparks fly", "zh": "人群聚集，容易生事"},
}
"""What each kind of shock does, by language, in the order of their codes."""

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
            ("last_community", "i4"),  # one past the last community that it strikes
        ],
    )
)
"""One shock: what, when, how strong, where."""
