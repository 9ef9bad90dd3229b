"""Look at gradients: check them, follow them through time, bound them."""

from lstm_lab.gradients.check import GradientReport, check_gradients, numeric_gradients
from lstm_lab.gradients.jacobians import Jacobians, gradient_flow, state_jacobians
from lstm_lab.gradients.memory import (
    half_life,
    half_life_of_bias,
    largest_singular_value,
    pascanu_bound,
    spectral_radius,
)

__all__ = [
    "GradientReport",
    "Jacobians",
    "check_gradients",
    "gradient_flow",
    "half_life",
    "half_life_of_bias",
    "largest_singular_value",
    "numeric_gradients",
    "pascanu_bound",
    "spectral_radius",
    "state_jacobians",
]
