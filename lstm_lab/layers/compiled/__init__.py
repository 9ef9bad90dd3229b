"""The engine ``"numba"``: the same loops compiled. Imported only where numba is wanted."""
