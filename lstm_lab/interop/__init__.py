"""Weights to and from torch and Keras."""

from lstm_lab.interop.with_keras import from_keras, to_keras
from lstm_lab.interop.with_torch import from_torch, to_torch

__all__ = ["from_keras", "from_torch", "to_keras", "to_torch"]
