"""Which of Fadu's packages are in this copy, so that settings and addresses name only those."""

from importlib.util import find_spec


def present(name: str) -> bool:
    """Whether the module `name` can be imported (its parent packages are imported to find out)."""
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:
        return False
    return spec is not None and spec.origin is not None
