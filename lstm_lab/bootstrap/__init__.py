"""What `lab.py` does: make `.venv`, fill it, hand over. Standard library only.

It runs in a bare Python, before anything is installed, so it imports nothing but the standard
library and keeps its sentences in both languages beside the code (`texts`), not in a catalogue.
"""

from lstm_lab.bootstrap.start import main

__all__ = ["main"]
