"""What happens to the catalogue, in one place for all doors."""

from .editing import (
    CompensationModelDetails,
    LandRuleDetails,
    RateDetails,
    RoleDetails,
    TrainingDetails,
    add_rate,
    create_compensation_model,
    create_land_rule,
    create_role,
    create_training,
    remove_rate,
    update_compensation_model,
    update_land_rule,
    update_rate,
    update_role,
    update_training,
)
from .loading import LoadReport, load_catalogue

__all__ = [
    "CompensationModelDetails",
    "LandRuleDetails",
    "LoadReport",
    "RateDetails",
    "RoleDetails",
    "TrainingDetails",
    "add_rate",
    "create_compensation_model",
    "create_land_rule",
    "create_role",
    "create_training",
    "load_catalogue",
    "remove_rate",
    "update_compensation_model",
    "update_land_rule",
    "update_rate",
    "update_role",
    "update_training",
]
