"""Synthetic tasks, each with its generator, success rule, baseline and paper."""

from lstm_lab.tasks.adding import adding, multiplication
from lstm_lab.tasks.base import Task
from lstm_lab.tasks.counting import bracket_depth, count_since_reset, parity
from lstm_lab.tasks.digits import random_digits
from lstm_lab.tasks.grammar import animal_sentences, spoken
from lstm_lab.tasks.ladder import LADDER, answer_when_asked, cued_value, explained, running_sum
from lstm_lab.tasks.order import temporal_order
from lstm_lab.tasks.reber import continual_reber, embedded_reber
from lstm_lab.tasks.recall import copy_task, long_lag
from lstm_lab.tasks.streak import Streak

__all__ = [
    "LADDER",
    "Streak",
    "Task",
    "adding",
    "animal_sentences",
    "answer_when_asked",
    "bracket_depth",
    "continual_reber",
    "copy_task",
    "count_since_reset",
    "cued_value",
    "embedded_reber",
    "explained",
    "long_lag",
    "multiplication",
    "parity",
    "random_digits",
    "running_sum",
    "spoken",
    "temporal_order",
]
