"""Reading laws.yaml: the instruments, roles and remedies that every definition is checked against, and the domains."""

from fadu.kernel.law import Book, Domain, Law, Remedy, Text, article_numbers, parse_citations
from fadu.kernel.source import DefinitionError, Fault, Map


def load_book(document: Map) -> Book:
    """The shared book; raises DefinitionError naming the line of a broken entry."""
    faults: list[Fault] = []
    laws = {key: _law(key, raw) for key, raw in document.get("laws", {}).items()}
    roles = {key: Text.parse(str(text)) for key, text in document.get("roles", {}).items()}
    domains = {key: _domain(raw) for key, raw in document.get("domains", {}).items()}
    remedies = {}
    for key, raw in document.get("remedies", {}).items():
        try:
            remedies[key] = Remedy(key, Text.parse(str(raw["text"])), parse_citations(str(raw["cites"])))
        except (KeyError, ValueError) as error:
            faults.append(Fault(document.file, document.line_of("remedies"), "remedy", f"{key}: {error}"))
    if faults:
        raise DefinitionError(faults)
    return Book(laws, roles, remedies, domains)


def _domain(raw: Map | str) -> Domain:
    """A title alone, or with the definitions that are listed first."""
    if isinstance(raw, str):
        return Domain(Text.parse(raw))
    return Domain(Text.parse(str(raw["title"])), tuple(str(key) for key in raw.get("first", [])))


def _law(key: str, raw: Map) -> Law:
    note = Text.parse(str(raw["note"])) if "note" in raw else None
    articles = frozenset(number for part in raw.get("articles", []) for number in article_numbers(str(part)))
    return Law(
        key, Text.parse(str(raw["title"])), str(raw.get("number", "")), str(raw.get("in_force", "")), note, articles
    )
