"""The papers of a play: one real stored page for each kind of paper, marked as simulated, named anew in each case."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fadu.cases.files import store_bytes
from fadu.cases.models import File
from fadu.units.models import Person

TITLES = {
    "minutes": "会议纪要", "instruction": "领导批示件", "work_report": "政府工作报告任务分解", "livelihood": "民生实事项目清单",
    "higher": "上级督查通知", "deputies": "建议提案交办单", "clue": "线索转办单", "consent": "督查立项请示", "plan": "办理计划",
    "evidence": "办结报告", "dropped_paper": "情况说明",
}  # fmt: skip


@dataclass(slots=True)
class Papers:
    """Stored pages by kind; the people of the play all have them."""

    by: Person
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)

    def paper(self, kind: str, name: str) -> dict[str, Any]:
        """A document value: the page of its kind under the name it has in a case."""
        if kind not in self.pages:
            lines = (
                TITLES.get(kind, kind),
                "模拟数据：本页为演示编造，不对应任何真实文件。",
                "Simulated: this page was invented.",
            )
            self.pages[kind] = {**store_bytes(one_page(lines), f"{lines[0]}.pdf", self.by)}
        return {**self.pages[kind], "name": f"{name}.pdf"}

    def hand_out(self, people: Iterable[Person]) -> None:
        """Everybody of the play holds the pages, as if each had uploaded them."""
        everybody = list(people)
        for row in File.objects.filter(sha256__in=[page["sha256"] for page in self.pages.values()]):
            row.holders.add(*everybody)


def one_page(lines: Iterable[str]) -> bytes:
    """A PDF of one A4 page in a Chinese font that every reader brings along (Adobe-GB1)."""
    rows = [f"<{line.encode('utf-16-be').hex()}> Tj 0 -32 Td" for line in lines]
    text = f"BT /F 16 Tf 72 740 Td {' '.join(rows)} ET".encode()
    system = b"<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    measures = b"/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 7 0 R/CIDSystemInfo%s>>" % system,
        b"<</Type/FontDescriptor/FontName/STSong-Light%s>>" % measures,
    ]
    return _bound(objects)


def _bound(objects: list[bytes]) -> bytes:
    content, places = b"%PDF-1.7\n", list[int]()
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return (
        content
        + head
        + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(content))
    )
