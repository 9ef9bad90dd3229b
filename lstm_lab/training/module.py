"""A torch module in training: what the loop asks of it."""

from __future__ import annotations

import copy
import inspect
import io
from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.tasks import Streak, Task
from lstm_lab.training.batches import Batch, Chance, Source, batches_of, is_arrays, slices
from lstm_lab.training.loop import Step
from lstm_lab.training.metrics import Metric, weighted
from lstm_lab.training.torch_losses import loss_of

__all__ = ["Module"]


class Module:
    """A module, its optimiser and schedule, its batches; the arguments are `fit_torch`'s."""

    def __init__(
        self, model: Any, data: Any, task: Task | None, rng: np.random.Generator, **how: Any
    ) -> None:
        import torch

        self.torch, self.model, self.task, self.rng = torch, model, task, rng
        self.weights = [p for p in model.parameters() if p.requires_grad]
        if not self.weights:
            raise UserError(_("model: it has no weights to train"))
        self.device = _device(torch, how["device"], self.weights[0].device)
        model.to(self.device)  # in place, so that an optimiser given goes on with these weights
        self.optimizer = how["optimizer"]
        if self.optimizer is None:
            self.optimizer = torch.optim.Adam(model.parameters(), lr=how["lr"])
        self.schedule = how["schedule"] and how["schedule"](self.optimizer)
        if self.schedule is not None and not hasattr(self.schedule, "step"):
            raise UserError(
                _("schedule: expected a function that makes a scheduler of an optimiser, found {x}")
                .format(x=type(self.schedule).__name__)
            )  # fmt: skip
        self.plateau = isinstance(self.schedule, torch.optim.lr_scheduler.ReduceLROnPlateau)
        self.loss = loss_of(torch, how["loss"])
        self.clip = float("inf") if how["clip"] is None else how["clip"]
        self.metrics: dict[str, Metric] = how["metrics"]
        self.truncate, self.until_solved = how["truncate"], how["until_solved"]
        self.every_step = how["readout"] == "every"
        self.batch_first = how["batch_first"]
        # batches of an iterable come as the module wants them, all others time first
        self.time_first = task is not None or callable(data) or is_arrays(data)
        self.turned = self.batch_first and self.time_first
        self.data = data
        self.source = Source(
            data, rng, batch=how["batch"], y_axis=1 if self.every_step else 0,
            chance=Chance(self._chance, self._recall),
        )  # fmt: skip
        self.streak = Streak(task) if task else None
        self.name = task.name if task else ""

    # ------------------------------------------------------------ what the loop asks

    def step(self) -> Step:
        """Update once, or once for each window of the batch."""
        drawn = next(self.source)
        x, y, lengths, mask = self._placed(drawn, self.turned)
        if self.truncate and lengths is not None:
            raise UserError(_("truncate: sequences of several lengths cannot be cut into windows"))
        time = 1 if self.batch_first else 0
        lr = self.optimizer.param_groups[0]["lr"]
        state, losses, norms, preds, measured = None, [], [], [], []
        for part in slices(x.shape[time], self.truncate):
            cut = (slice(None), part) if time else part
            y_part, mask_part = y[cut] if self.truncate else y, mask
            if self.truncate:
                mask_part = None if mask is None else mask[cut]
                pred, state = self.model(x[cut], state)
                state = _detached(state)  # the state goes on, the gradient does not
            else:
                pred = self._answered(x, lengths)
            value = self.loss(*_counted(pred, y_part, mask_part))
            self.optimizer.zero_grad()
            value.backward()
            norms.append(self.torch.nn.utils.clip_grad_norm_(self.weights, self.clip).item())
            self.optimizer.step()
            losses.append(value.item())
            preds.append(pred.detach())
            measured.append(self._measured(preds[-1], y_part, mask_part))
        if self.schedule is not None and not self.plateau:
            self.schedule.step()
        return Step(
            loss=float(np.mean(losses)),
            norm=float(np.mean(norms)),
            sequences=self._sequences(x, y),
            solved=self._solved(preds, drawn.y, time) and self.until_solved,
            extra=({"lr": lr} if self.schedule is not None else {}) | _means(measured),
        )

    def look(self, validation: Any) -> dict[str, Any]:
        """Judge in eval mode, without gradients; training's random numbers stay where they are."""
        was_training = self.model.training
        self.model.eval()
        devices = [self.device] if self.device.type == "cuda" else []
        try:
            with self.torch.no_grad(), self.torch.random.fork_rng(devices):
                seen = self._judged(validation)
        finally:
            self.model.train(was_training)
        if self.plateau:
            self.schedule.step(seen["validation"])
        return seen

    def _judged(self, validation: Any) -> dict[str, Any]:
        if callable(validation):
            return {"validation": float(validation(self.model))}
        values, measured = [], []
        for batch in batches_of(validation):
            # arrays stand as those that are trained on, batches of a loader as they come
            turned = self.turned and is_arrays(validation)
            x, y, lengths, mask = self._placed(batch, turned)
            pred = self._answered(x, lengths)
            pred = pred[0] if self.truncate else pred
            answers, targets = _counted(pred, y, mask)
            values.append((self.loss(answers, targets).item(), targets.numel()))
            measured.append(self._measured(pred, y, mask))
        seen = _means(measured)
        return {
            "validation": weighted(values),
            **{f"validation_{name}": value for name, value in seen.items()},
        }

    def snapshot(self) -> Any:
        """Return a copy of the weights, and of what else the module keeps."""
        return copy.deepcopy(self.model.state_dict())

    def pack(self, model: Any) -> bytes:
        """Return tensors as bytes; they are read back with ``weights_only=True``."""
        held = io.BytesIO()
        self.torch.save(model, held)
        return held.getvalue()

    def unpack(self, packed: bytes) -> Any:
        """Undo `pack`, to this training's device."""
        return self.torch.load(io.BytesIO(packed), map_location=self.device, weights_only=True)

    def state(self) -> dict[str, Any]:
        """Return weights, optimiser, schedule, batches, random numbers and streak."""
        schedule = None if self.schedule is None else self.schedule.state_dict()
        return {
            "kind": "module",
            "names": [type(self.optimizer).__name__, type(self.schedule).__name__],
            "model": self.pack(self.model.state_dict()),
            "optimizer": self.pack(self.optimizer.state_dict()),
            "schedule": self.pack(schedule),
            "source": self.source.state(),
            "streak": self.streak.state() if self.streak else None,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state, if it is one of such a training."""
        if state["kind"] != "module":
            raise KeyError("kind")
        for name, found, want in zip(
            ("optimizer", "schedule"),
            (type(self.optimizer).__name__, type(self.schedule).__name__),
            state["names"],
            strict=True,
        ):
            if found != want:
                raise UserError(
                    _("{name}: expected {want}, as in the checkpoint, found {found}").format(
                        name=name, want=want, found=found
                    )
                )
        if (self.streak is None) != (state["streak"] is None):
            raise UserError(_("data: one of the two trainings is on a task, the other is not"))
        try:
            self.model.load_state_dict(self.unpack(state["model"]))
            self.optimizer.load_state_dict(self.unpack(state["optimizer"]))
        except (RuntimeError, ValueError) as error:  # torch names the weights, over many lines
            raise UserError(
                _("the checkpoint does not fit this module: {reason}").format(
                    reason=" ".join(str(error).split())
                )
            ) from None
        if self.schedule is not None:
            self.schedule.load_state_dict(self.unpack(state["schedule"]))
        if self.streak is not None:
            self.streak.restore(state["streak"])
        self.source.restore(state["source"])

    # ------------------------------------------------------------ batches and answers

    def _placed(self, batch: Batch, turned: bool) -> Batch:
        """Make tensors of a batch where the module is, laid out as it wants them."""
        x, y, lengths, mask = batch
        if mask is None and self.task is not None:
            mask = self.task.mask(y)
        x, y = self._tensor(x, turned), self._tensor(y, turned and self.every_step)
        given = None if mask is None else self._tensor(mask, turned and self.every_step)
        if lengths is not None:
            lengths, inside = self._lengths(lengths, x)
            if given is None and self.every_step:
                given = inside  # padding is no answer
        if given is not None:
            want = tuple(y.shape[: 2 if self.every_step else 1])
            if tuple(given.shape) != want:
                raise UserError(
                    _("mask: expected shape {want}, found {found}").format(
                        want=want, found=tuple(given.shape)
                    )
                )
            given = given.to(self.device, self.torch.bool)
            if not given.any():
                raise UserError(_("mask: it leaves nothing to average"))
        return Batch(x, y, lengths, given)

    def _tensor(self, a: Any, turned: bool) -> Any:
        a = self.torch.as_tensor(a)
        a = a.to(self.device, self.weights[0].dtype if a.is_floating_point() else None)
        return a.transpose(0, 1) if turned else a

    def _lengths(self, lengths: Any, x: Any) -> tuple[Any, Any]:
        """Check lengths; return them and which steps they leave, laid out as x."""
        T, B = x.shape[:2] if not self.batch_first else (x.shape[1], x.shape[0])
        lengths = self.torch.as_tensor(lengths)
        whole = not lengths.is_floating_point() and tuple(lengths.shape) == (B,)
        if not whole or lengths.min() < 1 or lengths.max() > T:
            raise UserError(
                _("lengths: expected {B} integers from 1 to {T}, found {found}").format(
                    B=B, T=T, found=lengths.tolist()
                )
            )
        lengths = lengths.to("cpu", self.torch.int64)
        inside = self.torch.arange(T)[:, None] < lengths
        return lengths, inside.T if self.batch_first else inside

    def _answered(self, x: Any, lengths: Any) -> Any:
        if lengths is None:
            return self.model(x)
        try:
            inspect.signature(self.model.forward).bind(x, lengths)
        except TypeError:
            raise UserError(
                _("model: its batches have lengths, so its forward must take (x, lengths)")
            ) from None
        return self.model(x, lengths)

    def _sequences(self, x: Any, y: Any) -> int:
        if self.time_first or self.every_step:
            return int(x.shape[0 if self.batch_first else 1])
        return len(y)  # an iterable may give either layout: one answer is one sequence

    def _measured(self, pred: Any, y: Any, mask: Any) -> dict[str, float]:
        if not self.metrics:
            return {}
        with self.torch.no_grad():
            pred, y = _counted(pred, y, mask)
            measured = {name: metric(pred, y) for name, metric in self.metrics.items()}
        return measured | {"": float(y.numel())}

    def _solved(self, preds: list[Any], y: Any, time: int) -> bool:
        if self.streak is None:
            return False
        pred = self.torch.cat(preds, dim=time if self.every_step else 0)
        if self.turned and self.every_step:
            pred = pred.transpose(0, 1)
        return self.streak.update(pred.cpu().numpy(), y)

    # ------------------------------------------------------------ chance

    def _chance(self) -> dict[str, Any]:
        """Everything random: NumPy's generator, torch's own, and that of a loader."""
        own = getattr(self.data, "generator", None)
        cuda = self.device.type == "cuda"
        return {
            "rng": self.rng.bit_generator.state,
            "torch": self.torch.get_rng_state().numpy(),
            "cuda": self.torch.cuda.get_rng_state(self.device).numpy() if cuda else None,
            "loader": None if own is None else own.get_state().numpy(),
        }

    def _recall(self, state: dict[str, Any]) -> None:
        self.rng.bit_generator.state = state["rng"]
        self.torch.set_rng_state(self.torch.as_tensor(state["torch"]))
        if state["cuda"] is not None and self.device.type == "cuda":
            self.torch.cuda.set_rng_state(self.torch.as_tensor(state["cuda"]), self.device)
        if state["loader"] is not None:
            self.data.generator.set_state(self.torch.as_tensor(state["loader"]))


def _device(torch: Any, wanted: Any, now: Any) -> Any:
    if wanted is None:
        return now
    try:
        device = torch.device(wanted)
    except (RuntimeError, TypeError):
        raise UserError(
            _('device: expected "cpu", "cuda" or another of torch\'s, found {found}').format(
                found=repr(wanted)
            )
        ) from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise UserError(
            _("device: torch finds no GPU here (torch.cuda.is_available() is False), found {found}")
            .format(found=repr(wanted))
        )  # fmt: skip
    return device


def _counted(pred: Any, y: Any, mask: Any) -> tuple[Any, Any]:
    return (pred, y) if mask is None else (pred[mask], y[mask])


def _means(measured: list[dict[str, float]]) -> dict[str, float]:
    """Average metrics over windows or batches, by how many answers each saw (under "")."""
    return {
        name: weighted([(part[name], part[""]) for part in measured])
        for name in measured[0]
        if name
    }


def _detached(state: Any) -> Any:
    if isinstance(state, tuple | list):
        return tuple(_detached(part) for part in state)
    return state.detach()
