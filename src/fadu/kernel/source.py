"""YAML read strictly, every key with its line: the ground on which definition faults can name file and line.

Stricter than YAML: keys are always text, only `true` and `false` are booleans, dates stay text, and an empty value
or a double key is a fault (an unquoted comma in a one-line map would otherwise silently cut a text in two).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

_INTEGER = re.compile(r"-?\d{1,15}\Z")
_QUOTED = ("'", '"', "|", ">")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a definition: where, which rule it breaks, what to do."""

    file: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.advice}"


class DefinitionError(Exception):
    """A definition that cannot be used; `faults` lists every reason found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Map(dict[str, Any]):
    """A mapping that remembers its file, its own line and the line of each key."""

    file: str
    line: int
    lines: dict[str, int]

    @classmethod
    def empty(cls, file: str, line: int) -> "Map":
        found = cls()
        found.file, found.line, found.lines = file, line, {}
        return found

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


@dataclass(slots=True)
class Source:
    """One YAML text being read; collects its faults."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    inside: set[int] = field(default_factory=set)  # the nodes being read, for an alias may point to what holds it

    def fault(self, line: int, rule: str, advice: str) -> None:
        self.faults.append(Fault(self.file, line, rule, advice))

    def read(self, text: str) -> Map:
        """The document as nested `Map`, list, str, int and bool; raises DefinitionError when it is not even that."""
        try:
            node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise DefinitionError([Fault(self.file, line, "yaml", str(getattr(error, "problem", error)))]) from None
        if not isinstance(node, yaml.MappingNode):
            raise DefinitionError([Fault(self.file, 1, "yaml", "a definition is a mapping of keys to values")])
        value = self._mapping(node)
        if self.faults:
            raise DefinitionError(self.faults)
        return value

    def _value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self.inside:
            self.fault(node.start_mark.line + 1, "yaml", "an alias points to what it stands in; write the text out")
            return ""
        self.inside.add(id(node))
        value = (
            self._mapping(node) if isinstance(node, yaml.MappingNode) else [self._value(item) for item in node.value]
        )
        self.inside.remove(id(node))
        return value

    def _mapping(self, node: yaml.MappingNode) -> Map:
        result = Map.empty(self.file, node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in result:
                self.fault(line, "double-key", f"'{key}' stands twice in one mapping; keep one")
            result[key], result.lines[key] = self._value(value_node), line
        return result

    def _scalar(self, node: yaml.ScalarNode) -> str | int | bool | None:
        text: str = node.value
        if node.style in _QUOTED:
            return text
        if text in ("true", "false"):
            return text == "true"
        if text == "null":
            return None
        if text == "":
            self.fault(node.start_mark.line + 1, "empty-value", "a key has no value; write one or drop the key")
        if _INTEGER.match(text) and not (len(text.lstrip("-")) > 1 and text.lstrip("-").startswith("0")):
            return int(text)
        return text


def walk(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value inside a read document with its path, mappings before what they hold."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from walk(inner, (*path, str(number)))
