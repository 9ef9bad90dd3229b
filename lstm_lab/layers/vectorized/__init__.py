"""The engine ``"numpy"``: a Python loop over the steps, NumPy within a step."""
