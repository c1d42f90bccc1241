"""Codes of residents: meaning of the integers in their columns (a leaf module: kernels import nothing else about residents)."""

AGE_GROUPS = ("0-17", "18-29", "30-44", "45-59", "60-74", "75+")
COOPERATION = ("conditional", "free_riding", "hump_shaped", "unconditional")
STATUS = ("calm", "volunteering", "active", "jailed")
STAGES = ("none", "negotiation", "mediation", "office", "court")
CASE_KINDS = ("neighbours", "work", "services")
RUMOUR = ("unaware", "believes", "answered")

CALM, VOLUNTEERING, ACTIVE, JAILED = 0, 1, 2, 3
NONE, NEGOTIATION, MEDIATION, OFFICE, COURT = 0, 1, 2, 3, 4
NEIGHBOURS, WORK, SERVICES = 0, 1, 2
UNAWARE, BELIEVES, ANSWERED = 0, 1, 2

FIRST_WORKING, LAST_WORKING, RETIRED = 1, 3, 4
"""Age groups of working age, 18 to 59, and of those who have retired and are well: 60 to 74."""

NEAR, FAR = 8, 2
"""Ties per resident: within the community (household first), and beyond it (a workplace, a long-range tie)."""

STOPPED_FOR_NOTHING, STOPPED_RIGHTLY, CASE_WON, CASE_LOST, OFFENDED, ARRESTED, FLAGGED, CASE_HEARD = 1, 2, 4, 8, 16, 32, 64, 128
"""Bits of `events`: events of a resident in this week."""
