"""A top-level statement of a submission: which names it binds, needs and changes."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

__all__ = ["Statement", "effects_of", "is_stub", "source_of"]

# Functions of libraries that change what they are given, and those that set how a module works.
_CHANGE_ARGUMENTS = frozenset(
    {"setattr", "delattr", "next", "setitem", "delitem", "iadd", "shuffle", "heapify", "heappush",
     "heappop", "heapreplace", "heappushpop", "insort", "insort_left", "insort_right", "copyto",
     "fill_diagonal", "put", "place", "putmask", "put_along_axis", "at", "update_wrapper"}
)  # fmt: skip
_SET_UP = frozenset(
    {"seed", "manual_seed", "seterr", "setrecursionlimit", "set_default_dtype", "setcontext"}
)
# Methods that only look, by whatever object they are called.
_READS = frozenset({"get", "keys", "values", "items", "copy", "index", "count", "numpy", "detach"})
_DYNAMIC = frozenset({"exec", "globals", "locals", "vars", "get_ipython"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

Effects = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Statement:
    """A statement at the top level of a cell; `position` is cell and place in it."""

    node: ast.stmt
    label: str
    source: str
    position: tuple[int, int]

    @cached_property
    def is_import(self) -> bool:
        """Whether it is nothing but an import."""
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @cached_property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        return isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether it may bind names that its text does not tell."""
        return any(isinstance(one, ast.Name) and one.id in _DYNAMIC for one in _executed(self.node))

    @cached_property
    def binds(self) -> frozenset[str]:
        """The global names that it binds."""
        match self.node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return frozenset([self.node.name])
            case ast.Import() | ast.ImportFrom():
                names = [one.asname or one.name.split(".")[0] for one in self.node.names]
                return frozenset(names)
            case ast.Assign(targets=[ast.Name(id=name)]) if ":=" not in self.source:
                return frozenset([name])  # files may hold tens of thousands of these
        if self._table is None:
            return frozenset(
                one.id
                for one in _executed(self.node)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            )
        found = {
            s.get_name() for s in self._table.get_symbols() if s.is_assigned() or s.is_imported()
        }
        if ":=" in self.source:  # in a comprehension it binds outside, which no table says
            found |= {
                one.target.id for one in _executed(self.node) if isinstance(one, ast.NamedExpr)
            }
        return frozenset(found)

    @cached_property
    def needs(self) -> frozenset[str]:
        """The global names that it, or a function in it, refers to."""
        if self._table is None:
            return frozenset(one.id for one in ast.walk(self.node) if isinstance(one, ast.Name))
        found = {s.get_name() for s in self._table.get_symbols() if s.is_referenced()}
        inner = list(self._table.get_children())
        while inner:
            child = inner.pop()
            found |= {
                s.get_name()
                for s in child.get_symbols()
                if s.is_global() and (s.is_referenced() or s.is_assigned())
            }
            inner += child.get_children()
        if not self.is_import and not self.is_definition:
            # to a symbol table `n += 1` only binds; it needs what was there before
            found |= {
                one.target.id
                for one in _executed(self.node)
                if isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name)
            }
        return frozenset(found)

    @cached_property
    def _table(self) -> symtable.SymbolTable | None:
        try:
            return symtable.symtable(self.source, "<cell>", "exec")
        except SyntaxError:  # `await`, or a `return` where none may stand: running it will say so
            return None

    def changes(
        self, effects: Effects, imported: frozenset[str], defined: frozenset[str]
    ) -> set[str]:
        """Return the global names whose objects it may change.

        Parameters
        ----------
        effects : dict
            What calling a function changes, from `effects_of`.
        imported, defined : frozenset of str
            Names that only imports bind, and those of functions and classes: calls of their
            methods are taken for use, not for change.
        """
        if self.is_import or not any(sign in self.source for sign in ".[(@"):
            return set()
        return set(_changed(_executed(self.node), effects, imported, defined))


def effects_of(statements: Iterable[Statement], imported: frozenset[str] = frozenset()) -> Effects:
    """Return for each function that is defined anywhere which outer names a call of it changes.

    Calls of what a module holds, ``np.tanh``, are taken for use: `imported` are the names that
    only imports bind.
    """
    bodies: dict[str, list[ast.AST]] = {}
    for one in statements:
        if one.is_import or not ("def" in one.source or "lambda" in one.source):
            continue
        for node in ast.walk(one.node):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                bodies.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        bodies.setdefault(target.id, []).append(node.value)
    own: dict[str, set[str]] = {}
    calls: dict[str, set[str]] = {}
    for name, nodes in bodies.items():
        found: set[str] = set()
        called: set[str] = set()
        for node in nodes:
            inner = list(ast.walk(node))
            local = _locals_of(inner)
            touched = set(_changed(inner, {}, imported, frozenset()))
            for part in inner:
                if isinstance(part, ast.Global):
                    touched |= set(part.names)
                elif isinstance(part, ast.Call):
                    called.add(_last_name(part.func))
            found |= touched - local
            if touched & _parameters(inner):
                found.add("*")
        own[name], calls[name] = found, called & bodies.keys()
    for _ in range(8):  # what a call calls in turn; deeper chains are left to a person
        grown = {
            name: found.union(*(own[other] - {"*"} for other in calls[name]))
            for name, found in own.items()
        }
        if grown == own:
            break
        own = grown
    return {name: frozenset(found) for name, found in own.items() if found}


def is_stub(node: ast.stmt) -> bool:
    """Tell whether a function or class is as handed out: nothing but a docstring and a raise.

    Examples
    --------
    >>> import ast
    >>> [is_stub(ast.parse(f"def f(x):\\n {body}").body[0]) for body in ("...", "return x")]
    [True, False]
    """
    if isinstance(node, ast.ClassDef):
        methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
        return bool(methods) and all(is_stub(one) for one in methods)
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return all(
        isinstance(one, ast.Pass)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        or (isinstance(one, ast.Raise) and _last_name(one.exc) == "NotImplementedError")
        for one in node.body
    )


def source_of(node: ast.stmt, lines: list[bytes]) -> str:
    """Return a statement's own text; offsets count bytes, and decorators stand before it."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in decorators)])
    part = lines[first - 1 : node.end_lineno]
    part[-1] = part[-1][: node.end_col_offset]
    if not decorators:
        part[0] = part[0][node.col_offset :]
    return b"\n".join(part).decode()


def _executed(top: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs when a statement runs: no bodies of functions, but their decorators."""
    pending: list[ast.AST] = [top]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            # a decorator is called, whether or not it is written as a call
            pending += [ast.Call(func=one, args=[], keywords=[]) for one in node.decorator_list]
            pending += node.args.defaults
            continue
        pending += ast.iter_child_nodes(node)


def _changed(
    nodes: Iterable[ast.AST], effects: Effects, imported: frozenset[str], defined: frozenset[str]
) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Subscript):
            if not isinstance(node.ctx, ast.Load):
                yield from _root(node)[0]
        elif isinstance(node, ast.Call):
            last = _last_name(node.func)
            names, depth = _root(node.func)
            if last in _SET_UP or (
                isinstance(node.func, ast.Attribute)
                and last not in _READS
                and not names & imported
                and (depth > 1 or last == "register" or not names & defined)
            ):
                yield from names
            effect = effects.get(last, frozenset())
            yield from effect - {"*"}
            if "*" in effect or last in _CHANGE_ARGUMENTS:
                for one in [*node.args, *(word.value for word in node.keywords)]:
                    yield from _root(one)[0]


def _root(node: ast.AST) -> tuple[frozenset[str], int]:
    """Return the name at the start of ``a.b[0].c``, and how many steps lead from it."""
    depth = 0
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        depth += not isinstance(node, ast.Call)
        node = node.func if isinstance(node, ast.Call) else node.value
    return (frozenset([node.id]) if isinstance(node, ast.Name) else frozenset()), depth


def _last_name(node: ast.AST | None) -> str:
    while isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _parameters(nodes: list[ast.AST]) -> set[str]:
    return {one.arg for one in nodes if isinstance(one, ast.arg)} - {"self", "cls"}


def _locals_of(nodes: list[ast.AST]) -> set[str]:
    """Return the names of a function's own: parameters, and what it assigns without `global`."""
    outer = {name for one in nodes if isinstance(one, ast.Global) for name in one.names}
    stored = {
        one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    return {one.arg for one in nodes if isinstance(one, ast.arg)} | (stored - outer)
