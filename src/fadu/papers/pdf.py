"""A paper set as PDF by Typst: tagged, archivable (PDF/A-2a, PDF/UA-1), the same bytes for the same paper."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from fadu.papers import measures
from fadu.papers.fonts import faces, fonts, is_heavy
from fadu.papers.paper import Paper, Paragraph, printable

TEMPLATE = Path(__file__).with_name("paper.typ")


def pdf(paper: Paper) -> bytes:
    """Raises NoFont where there is no Chinese font."""
    made = _compiler(paper).compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(paper.made.timestamp()))
    assert isinstance(made, bytes)  # noqa: S101  # one PDF, however many pages
    return made


def pages(paper: Paper, ppi: float = 96) -> list[bytes]:
    """Its pages as pictures (PNG)."""
    found = _compiler(paper).compile(format="png", ppi=ppi)
    return [page for page in (found if isinstance(found, list) else [found]) if page]


def _compiler(paper: Paper) -> "typst.Compiler":
    folder = settings.FADU_FONTS
    names = faces(folder)
    made = paper.made
    data = {
        "paper": _tagged(printable(paper)),
        "made": [made.year, made.month, made.day, made.hour, made.minute],
        "mark_width": paper.mark_width,
        "faces": names,
        "heavy": is_heavy(names["biaosong"]),
        "measures": measures.for_setters,
    }
    return typst.Compiler(
        _template(), font_paths=fonts(folder), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )


def _tagged(paper: Paper) -> dict[str, Any]:
    """The paper with a heading level for each paragraph: what people write may skip one, and a tagged document may not."""
    raw, last = {**asdict(paper), "made": None}, 1 if paper.title else 0
    for block, written in zip(paper.blocks, raw["blocks"], strict=True):
        if isinstance(block, Paragraph):
            last = min(block.level + 1, last + 1) if block.is_heading else last
            written["tag"] = last if block.is_heading else 0
    return raw


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
