"""What was looked up already: for one deed, or for all the rows of an import by the same person."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any


class Known:
    """Answers by kind and key; each is asked for once, those missing together in one question."""

    def __init__(self) -> None:
        self._kept: defaultdict[str, dict[str, Any]] = defaultdict(dict)

    def get(self, kind: str, keys: Iterable[str], look: Callable[[set[str]], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Everything known of a kind, these keys among it; None for what there is not."""
        kept = self._kept[kind]
        missing = set(keys) - kept.keys()
        if missing:
            found = look(missing)
            kept.update({key: found.get(key) for key in missing})
        return kept
