"""The side of the protocol that runs submitted code, in the learner's kernel or in a worker.

The worker is started as ``python -I lstm_lab/grading/worker`` and loads the files of this folder,
and nothing else of the package: what stands here imports the standard library, NumPy and its
neighbours only. So it says nothing to people; it reports facts, and the trusted side words them.
"""
