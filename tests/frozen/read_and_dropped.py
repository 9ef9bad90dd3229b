"""Sentences that are no longer said, or not everywhere, each with the reason; read by a person."""

READ_AND_DROPPED: dict[str, dict[str, str]] = {}
"""For each exercise: the English sentence, and why it may go."""
