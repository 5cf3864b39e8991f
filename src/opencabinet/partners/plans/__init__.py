"""Plans: the rules of rewards as versioned data, and what they come to."""

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
    Working,
)
from opencabinet.partners.plans.plan import Plan

__all__ = [
    "BadExplanation",
    "BadPlan",
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
]
