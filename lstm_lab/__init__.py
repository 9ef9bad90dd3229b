"""LSTM Lab: cells, layers, pictures and graders for a course on recurrent networks.

Nothing is imported here, so that ``import lstm_lab`` is quick and leaves torch alone.
Look into the folders: `cells` (one step), `layers` (whole sequences), `gradients`,
`interop`, `tasks`, `data`, `training`, `plots`, `widgets`, `grading`, `course`.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
