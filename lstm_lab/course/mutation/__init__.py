"""Do the graded tests notice? Small automatic changes to a solution, each of which should fail.

Mutation testing by our own few operators: general tools (cosmic-ray, mutmut) change files of a
package and start a test command for each change; here the changed text goes to a warm worker as a
submission, an endless loop ends at its deadline, and the mistakes are those of this course (a
term dropped, a name taken for another, a slice one off).
"""
