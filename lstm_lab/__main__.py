"""``python -m lstm_lab WORDS…`` is ``lstm-lab WORDS…``."""

import sys

from lstm_lab.cli import main

if __name__ == "__main__":
    sys.exit(main())
