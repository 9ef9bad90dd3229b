"""Answers that a learner could lift from a file of graded tests: its functions, lambdas, blocks.

Every piece becomes a function with a task's parameters. Names that it uses and does not bind are
parameters where they are called the same; others stand for the parameters left over, in the first
few orders.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import textwrap
from collections.abc import Iterator

__all__ = ["helpers", "lifted"]

_FIXTURES = {"submission", "solution", "rng", "mistakes", "compare"}
_OUTPUTS = 4  # of a block the last so many values are tried as what it returns
_ORDERS = 6
_EMPTY = ast.Name | ast.Constant | ast.JoinedStr | ast.Starred


def lifted(text: str, task: str, parameters: tuple[str, ...]) -> Iterator[str]:
    """Yield sources that define `task`.

    Parameters
    ----------
    text : str
        The file of graded tests.
    task : str
    parameters : tuple of str
        The task's own.
    """
    tree = ast.parse(text)
    known = {*dir(builtins), *_names(ast.Module([*_prelude(tree)], []), ast.Store)}
    known |= {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    seen: set[str] = set()
    for piece in _pieces(tree):
        if isinstance(piece, ast.FunctionDef):
            made = [f"{ast.unparse(piece)}\n{task} = {piece.name}\n"]
        elif isinstance(piece, ast.Lambda):
            made = [f"{task} = {ast.unparse(piece)}\n"]
        else:
            made = list(_as_functions(piece, task, parameters, known))
        yield from (one for one in made if one not in seen)
        seen.update(made)


def helpers(text: str) -> str:
    """Return what stands beside the tests and what they use: imports of libraries, functions."""
    tree = ast.parse(text)
    functions = [
        one
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("test_")
    ]
    return "\n".join(ast.unparse(one) for one in [*_prelude(tree), *functions])


def _prelude(tree: ast.Module) -> Iterator[ast.stmt]:
    for one in tree.body:
        if isinstance(one, ast.Import | ast.ImportFrom):
            if "lstm_lab" not in ast.unparse(one):
                yield one
        elif isinstance(one, ast.Assign) and _is_literal(one.value):
            yield one


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


def _pieces(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.Lambda | list[ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_"):
            node = ast.parse(ast.unparse(node)).body[0]
            assert isinstance(node, ast.FunctionDef)
            node.decorator_list = []
            yield node
        elif isinstance(node, ast.Lambda):
            yield node
        elif isinstance(node, ast.expr) and not isinstance(node, _EMPTY):
            yield [ast.Return(node)]
        if node is not tree:
            yield from _sequences(node)


def _sequences(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield runs of statements of each block of a node, with a return at their ends."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        plain = [one for one in block if not _names(one) & _FIXTURES]
        for start in range(len(plain)):
            for end in range(start + 1, len(plain) + 1):
                run = plain[start:end]
                yield run
                bound = [one for part in run for one in _bound(part)]
                for n in range(1, min(len(bound), _OUTPUTS) + 1):
                    yield [*run, ast.parse(f"return {', '.join(bound[-n:])}").body[0]]


def _bound(statement: ast.stmt) -> list[str]:
    """Return the names that a statement binds or changes in place, in order."""
    found = []
    for node in ast.walk(statement):
        target = node
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        stores = isinstance(getattr(node, "ctx", None), ast.Store)
        if stores and isinstance(target, ast.Name) and target.id not in found:
            found.append(target.id)
    return found


def _as_functions(
    block: list[ast.stmt], task: str, parameters: tuple[str, ...], known: set[str]
) -> Iterator[str]:
    module = ast.Module(block, [])
    if not any(isinstance(one, ast.Return) for one in ast.walk(module)):
        return
    used = [node.id for node in ast.walk(module) if isinstance(node, ast.Name)]
    inner = {
        one.arg for node in ast.walk(module) if isinstance(node, ast.arguments) for one in node.args
    }
    fixed = {*parameters, *known, *inner}
    stored = _names(module, ast.Store)
    foreign = [one for one in dict.fromkeys(used) if one not in fixed and one not in stored]
    free = [one for one in parameters if one not in used]
    if set(foreign) & _FIXTURES or len(foreign) > len(free):
        return
    body = "\n".join(ast.unparse(ast.fix_missing_locations(one)) for one in block)
    for ours in itertools.islice(itertools.permutations(free, len(foreign)), _ORDERS):
        bind = [f"{name} = {parameter}" for name, parameter in zip(foreign, ours, strict=True)]
        inside = textwrap.indent("\n".join([*bind, body]), "    ")
        yield f"def {task}({', '.join(parameters)}):\n{inside}\n"


def _names(node: ast.AST, context: type[ast.expr_context] = ast.expr_context) -> set[str]:
    found = {
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, context)
    }
    for one in ast.walk(node):
        if isinstance(one, ast.Import | ast.ImportFrom) and context is ast.Store:
            found |= {(name.asname or name.name).split(".")[0] for name in one.names}
    return found
