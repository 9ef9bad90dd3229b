"""Attacks on the grader, and the unprotected graders on which each of them is tried first.

An attack that could not work anyway proves nothing, so each has a positive control in its own test:
there it must succeed. Harm is bounded in both: loopback only, fifty processes, a gigabyte, seconds.
"""
