"""Hold the page's program for Kubernetes against the operator's own schema; run it by hand.

dask-kubernetes brings 80 packages, too many for every test run. In an environment of their own::

    python -m pip install dask-kubernetes jsonschema
    python tests/grading/kubernetes_by_hand.py
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"


def arguments(page: str) -> dict[str, Any]:
    """Return what the page's program gives to ``KubeCluster``."""
    text = (DOCS / page).read_text("utf-8")
    (code,) = [c for c in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "KubeC" in c]
    (call,) = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "KubeCluster"
    ]
    return {one.arg: ast.literal_eval(one.value) for one in call.keywords if one.arg}


def sent(value: Any) -> Any:
    """Return what reaches the cluster: the server drops what is null."""
    if isinstance(value, dict):
        return {key: sent(one) for key, one in value.items() if one is not None}
    return [sent(one) for one in value] if isinstance(value, list) else value


def main() -> None:
    """Check both pages."""
    import dask_kubernetes
    import jsonschema
    import yaml
    from dask_kubernetes.operator import KubeCluster, make_cluster_spec

    operator = Path(dask_kubernetes.__file__).parent / "operator"
    crd = yaml.safe_load(next(operator.rglob("crds/daskcluster.yaml")).read_text("utf-8"))
    schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    for page in ("cluster.md", "cluster.zh.md"):
        words = arguments(page)
        inspect.signature(KubeCluster).bind(**words)
        spec = sent(make_cluster_spec(**words))
        jsonschema.validate(spec, schema)
        spec["spec"]["worker"]["replicas"] = "many"
        try:
            jsonschema.validate(spec, schema)
        except jsonschema.ValidationError:
            print(f"{page}: valid for dask-kubernetes {dask_kubernetes.__version__}, {words}")
        else:
            raise SystemExit("the schema would not have noticed")


if __name__ == "__main__":
    main()
