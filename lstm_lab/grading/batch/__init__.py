"""A whole class: one record a submission, on this machine or on Dask."""
