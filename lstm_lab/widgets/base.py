"""What all widgets share: one linked module, two languages, a still for saved notebooks."""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

import anywidget
import traitlets

from lstm_lab.i18n import language
from lstm_lab.widgets.linking import link, sheet

__all__ = ["LabWidget"]


class LabWidget(anywidget.AnyWidget):
    """Base of the course's widgets.

    A subclass names its module in ``js/`` (``class Predict(LabWidget, module="predict")``),
    fills `texts` with its translated words, and writes `still`: HTML that shows the same
    without a kernel and without JavaScript.
    """

    module: ClassVar[str]
    lang = traitlets.Unicode().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init_subclass__(cls, module: str = "", **kwargs: Any) -> None:
        if module:
            cls.module = module
            cls._esm = link(module)
            cls._css = sheet(module)
        super().__init_subclass__(**kwargs)

    def __init__(self, **traits: Any) -> None:
        super().__init__(lang=language(), **traits)

    def still(self) -> str:
        """Return HTML that says the same as the widget where no JavaScript runs."""
        return f"<p>{escape(self.text())}</p>"

    def text(self) -> str:
        """Return the widget in one or two sentences."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/html": self.still(), "text/plain": self.text()}, metadata
