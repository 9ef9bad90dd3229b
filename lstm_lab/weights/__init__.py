"""Networks that the course ships trained: one folder each, with the script that made it.

``weights/NAME/`` holds ``NAME.npz`` (as `lstm_lab.saving` writes), ``make.py`` (trains it
again and writes the file), ``README.md`` (seed, command, what is in it) and ``__init__.py``
(`load`, which gives the file's content a shape). One test trains a slice of it again.
"""

from lstm_lab.weights.shipped import names, path_of, shipped

__all__ = ["names", "path_of", "shipped"]
