"""A notebook as one HTML file: executed, its widgets alive, nothing loaded from elsewhere."""

from lstm_lab.export.pages import Page, export, find_pages

__all__ = ["Page", "export", "find_pages"]
