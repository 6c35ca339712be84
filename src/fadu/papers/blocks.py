"""What a field holds, as blocks of a document: paragraphs of a text, tables of rows and of cases, a sentence for the rest."""

from collections.abc import Iterator
from typing import Any

from fadu.kernel.definition import Field
from fadu.kernel.law import Text
from fadu.kernel.values import is_empty
from fadu.papers.paper import Block, Paragraph, Run, Table, paragraphs
from fadu.papers.saying import Saying

CASE_COLUMNS = (  # with their widths in millimetres, of 156
    (Text("序号", "No."), 12),
    (Text("编号", "Number"), 33),
    (Text("事项", "Matter"), 32),
    (Text("主办单位", "Unit"), 23),
    (Text("期限", "Due"), 36),
    (Text("办理情况", "Standing"), 20),
)
_WIDE = frozenset({"text", "long_text", "case"})


def blocks_of(field: Field, value: Any, saying: Saying, seen: frozenset[str]) -> Iterator[Block]:
    if is_empty(value):
        return
    if field.kind == "long_text":
        yield from paragraphs(str(value))
    elif field.kind == "list" and field.rows:
        table = _rows(field, value, saying, seen)
        if table.header:
            yield table
    elif field.kind == "list" and field.of == "case":
        yield _cases(field, value, saying)
    else:
        colon, stop = ("：", "。") if saying.lang == "zh" else (": ", ".")
        yield Paragraph((Run(f"{saying.text(field.title)}{colon}{saying.value(field, value).rstrip('。')}{stop}"),))


def _rows(field: Field, value: Any, saying: Saying, seen: frozenset[str]) -> Table:
    """The columns a reader may see and that any row fills."""
    rows = [row for row in value if isinstance(row, dict)]
    columns = {
        key: column
        for key, column in field.rows.items()
        if f"{field.key}.{key}" in seen and any(not is_empty(row.get(key)) for row in rows)
    }
    return Table(
        header=tuple(saying.text(column.title) for column in columns.values()),
        rows=tuple(tuple(saying.value(column, row.get(key)) for key, column in columns.items()) for row in rows),
        caption=saying.text(field.title),
        widths=tuple(2.5 if column.kind in _WIDE else 1.5 for column in columns.values()),
        right=tuple(place for place, column in enumerate(columns.values()) if column.kind in ("number", "money")),
    )


def _cases(field: Field, value: Any, saying: Saying) -> Table:
    """Cases as they stood then; one that cannot be told of keeps its line."""
    rows = []
    for place, key in enumerate(value, start=1):
        then = saying.cases.get(int(key))
        said = ("", "—", "", "", "")
        if then is not None:
            due = saying.day(then.due) if then.due else ""
            said = (then.number, saying.text(Text.parse(then.title)), saying.unit(then.unit), due, saying.text(then.standing))  # fmt: skip
        rows.append((str(place), *said))
    titles, widths = zip(*CASE_COLUMNS, strict=True)
    return Table(tuple(map(saying.text, titles)), tuple(rows), saying.text(field.title), widths, right=(0,))
