"""``python -m tests.frozen 05 [--all]``: which frozen sentences are still said."""

from __future__ import annotations

import sys
from collections import Counter

from lstm_lab.grading.exercises import find_exercise
from tests.frozen.read_and_dropped import READ_AND_DROPPED
from tests.frozen.report import hear


def main() -> int:
    words = [word for word in sys.argv[1:] if word != "--all"]
    left = 0
    for number in words:
        heard = hear(find_exercise(number))
        read = READ_AND_DROPPED.get(number, {})
        for sentence, one in sorted(heard.items(), key=lambda pair: pair[1].kind):
            if not one.instead or (sentence in read and "--all" not in sys.argv):
                continue
            print(f"{one.kind} ({one.said} of {one.said + len(one.instead)}): {sentence}")
            shown = Counter(
                (
                    f"{frozen.case.test}, call {frozen.case.call}"
                    f"{', spoilt' if spoil else ''}: {text or 'nothing: it passes'}"
                )
                for frozen, spoil, text in one.instead
            )
            for text, times in list(shown.items())[: None if "--all" in sys.argv else 4]:
                print(f"    {text}" + (f" ({times} times)" if times > 1 else ""))
            left += 1
        kinds = Counter(one.kind for one in heard.values())
        cleared = sum(bool(one.instead) and s in read for s, one in heard.items())
        print(
            f"{number}: {len(heard)} sentences; "
            + ", ".join(f"{kind} {n}" for kind, n in kinds.items())
            + f"; read and dropped {cleared}, left {left}"
        )
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
