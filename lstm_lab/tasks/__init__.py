"""Synthetic tasks, each with its generator, success rule, baseline and paper."""

from lstm_lab.tasks.adding import adding, multiplication
from lstm_lab.tasks.base import Task
from lstm_lab.tasks.counting import bracket_depth, count_since_reset, parity
from lstm_lab.tasks.digits import random_digits
from lstm_lab.tasks.order import temporal_order
from lstm_lab.tasks.reber import continual_reber, embedded_reber
from lstm_lab.tasks.recall import copy_task, long_lag
from lstm_lab.tasks.streak import Streak

__all__ = [
    "Streak",
    "Task",
    "adding",
    "bracket_depth",
    "continual_reber",
    "copy_task",
    "count_since_reset",
    "embedded_reber",
    "long_lag",
    "multiplication",
    "parity",
    "random_digits",
    "temporal_order",
]
