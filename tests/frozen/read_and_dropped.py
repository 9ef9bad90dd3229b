"""Sentences that are no longer said, or not everywhere, each with the reason; read by a person."""

_ROUNDED_TO_INF = (
    "at biases above 37 the frozen value was inf, by rounding (1 − f = 0); mistakes are written in "
    "the solution's stable form now. The test before, with ordinary biases, still says it."
)

READ_AND_DROPPED: dict[str, dict[str, str]] = {
    "05": dict.fromkeys(
        [
            "after so many steps 1/e is left, not a half: ln 2 is missing.",
            "1 / (1 − f) is about how long until 1/e is left; the half-life is −ln 2 / ln f.",
            "ln 2 / (1 − f) is near for f close to 1; exact is −ln 2 / ln f.",
            "two logarithms are mixed: with log2 below, 1 must stand on top.",
            "that takes the same piece away at each step; each step *multiplies* by f.",
        ],
        _ROUNDED_TO_INF,
    ),
    "06": {
        "only w came back; return w, m, s.": (
            "was frozen for three things of which m or s equals w, where it is not true; who "
            "returns w alone is told it now, which the test before could not."
        ),
    },
}
"""For each exercise: the English sentence, and why it may go."""
