"""Real data that ships with the course: small files with known origin and licence.

Nothing is downloaded, now or later. `DATA_SETS` lists what is there, `load` gives arrays;
`ATTRIBUTION.md` beside this file says whose data they are. All files together stay under
`LIMIT`. ``make.py`` wrote them from packages of the index, and can again.
"""

from lstm_lab.data.registry import DATA_SETS, LIMIT, DataSet, load

__all__ = ["DATA_SETS", "LIMIT", "DataSet", "load"]
