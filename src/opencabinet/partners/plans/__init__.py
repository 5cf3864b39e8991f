"""Plans: the rules of rewards as versioned data, and what they come to."""

from opencabinet.partners.plans import rules
from opencabinet.partners.plans.keeping import Kept, Working, joined
from opencabinet.partners.plans.model import (
    BadExplanation,
    BadPlan,
    Line,
    Rate,
    Rates,
    Referred,
    Rung,
    TooEarly,
    TooManyPlans,
    Traded,
    Version,
    valid,
)
from opencabinet.partners.plans.plan import Plan
from opencabinet.partners.plans.replaying import replay
from opencabinet.partners.plans.store import save, versions
from opencabinet.partners.plans.working import qualified, worked

__all__ = [
    "BadExplanation",
    "BadPlan",
    "Kept",
    "Line",
    "Plan",
    "Rate",
    "Rates",
    "Referred",
    "Rung",
    "TooEarly",
    "TooManyPlans",
    "Traded",
    "Version",
    "Working",
    "joined",
    "qualified",
    "replay",
    "rules",
    "save",
    "valid",
    "versions",
    "worked",
]
