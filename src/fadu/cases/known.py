"""What was looked up already: for one deed, or for all the rows of an import by the same person."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any


class Known:
    """Answers by kind and key; each is asked for once, those missing together in one question."""

    def __init__(self) -> None:
        self._kept: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._whole: set[str] = set()

    def get(self, kind: str, keys: Iterable[str], look: Callable[[set[str]], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Everything known of a kind, these keys among it; None for what there is not."""
        kept = self._kept[kind]
        missing = set(keys) - kept.keys()
        if missing:
            found = {} if kind in self._whole else look(missing)
            kept.update({key: found.get(key) for key in missing})
        return kept

    def learn(self, kind: str, whole: Mapping[str, Any]) -> None:
        """All there is of a kind; what is not among it is not there."""
        self._kept[kind].update(whole)
        self._whole.add(kind)

    def put(self, kind: str, key: str, value: Any) -> None:
        """Something that came to be since."""
        self._kept[kind][key] = value
