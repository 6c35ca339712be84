"""A small city for the pages of the desk: an office, two bureaux, six people, and matters in several stages."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from fadu.cases.act import Occasion, act, open_case
from fadu.cases.files import store_bytes
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.units.models import Person, Post, Unit

PASSWORD = "correct horse battery"
MATTERS = (
    "城区积水点整治验收", "老旧小区加装电梯审批提速", "中小学校园周边停车秩序整治", "公共充电桩“找桩难”数据归集",
    "秋粮收购资金兑付情况督查", "家庭医生签约服务覆盖", "高新区人才公寓分配规则公开", "农村公路安防工程资金拨付",
)  # fmt: skip
SOURCES = ("meeting", "work_report", "instruction", "livelihood", "higher")


@dataclass
class City:
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def unit(self, code: str, name: str, english: str, parent: str | None, kind: str) -> None:
        above = self.units[parent] if parent else None
        self.units[code] = Unit.objects.create(code=code, name_zh=name, name_en=english, parent=above, kind=kind)

    def person(self, username: str, name: str, unit: str, role: str, title: str = "") -> None:
        person = Person.objects.create_user(username, PASSWORD, name=name)
        Post.objects.create(person=person, unit=self.units[unit], role=role, title=title, since=date(2020, 1, 1))
        self.people[username] = person

    def document(self, name: str, username: str) -> dict[str, Any]:
        content = b"%PDF-1.7\n" + name.encode() + b"\n%%EOF"
        return dict(store_bytes(content, name, self.people[username]))

    def propose(self, matter: str = MATTERS[0], days_ago: int = 30, **data: Any) -> Case:
        given = {
            "matter": matter,
            "source": "meeting",
            "source_document": self.document("市长办公会议纪要〔2026〕15号.pdf", "he"),
            "lead_unit": "yz-water",
            "result_required": "整治方案、验收材料和点位清单",
            "urgent": False,
            **data,
        }
        return open_case("supervision-item", self.people["he"], given, self.units["yz-sup"], _days_ago(days_ago))

    def approved(self, matter: str = MATTERS[0], days_ago: int = 29, due_in: int = 20, **data: Any) -> Case:
        case = self.propose(matter, days_ago + 1, **data)
        due = (now().date() + timedelta(days=due_in)).isoformat()
        return act(case, "approve", self.people["gu"], {"due": due}, _days_ago(days_ago))

    def signed(self, matter: str = MATTERS[0], days_ago: int = 28, due_in: int = 20, **data: Any) -> Case:
        case = self.approved(matter, days_ago + 1, due_in, **data)
        return act(case, "sign", self.people["shen"], {}, _days_ago(days_ago))

    def busy(self, case: Case) -> Case:
        """Plan, two reports, a chase, and a request for a later date."""
        shen, he = self.people["shen"], self.people["he"]
        act(
            case,
            "file_plan",
            shen,
            {"section": "工程科", "plan": self.document("办理计划.pdf", "shen")},
            _days_ago(20),
        )
        act(
            case,
            "report",
            shen,
            {"progress": "已完成 18 处积水点踏勘，6 处开工。\n其余点位待财政评审。"},
            _days_ago(15),
        )
        act(case, "chase", he, {"slip": "blue", "remark": "请于月底前报送节点成果。"}, _days_ago(9))
        return act(case, "ask_later_date", shen, {"why_later": "三处点位与地铁施工交叉，须错峰作业。"}, _days_ago(2))


def _days_ago(days: int) -> Occasion:
    moment = now() - timedelta(days=days)
    return Occasion(at=datetime(moment.year, moment.month, moment.day, 9, 30) if days else None)


def build() -> City:
    city = City()
    city.unit("yz", "云州市", "Yunzhou", None, "government")
    city.unit("yz-gov", "云州市人民政府办公室", "General Office", "yz", "office")
    city.unit("yz-sup", "市政府办公室督查室", "Supervision Section", "yz-gov", "section")
    city.unit("yz-water", "云州市水务局", "Water Bureau", "yz", "bureau")
    city.unit("yz-house", "云州市住房和城乡建设局", "Housing Bureau", "yz", "bureau")
    city.person("he", "何以宁", "yz-sup", "supervision_officer", "督查室副主任")
    city.person("gu", "顾长川", "yz-gov", "leader", "副市长")
    city.person("shen", "沈知远", "yz-water", "unit_officer")
    city.person("lin", "林晚舟", "yz-house", "unit_officer")
    city.person("audit", "安审计", "yz-gov", "audit_admin")
    return city


def fill(city: City) -> None:
    """Matters of every colour, for the eye."""
    dues = (-3, 1, 4, 12, 25, 40, 60, 90)
    for n, matter in enumerate(MATTERS):
        unit = "yz-house" if n % 3 == 1 else "yz-water"
        data = {"source": SOURCES[n % len(SOURCES)], "lead_unit": unit}
        if unit == "yz-house":
            city.approved(matter, 12, max(dues[n], 1), **data)
        else:
            city.signed(matter, 28, dues[n], **data)
    city.busy(city.signed("城市内涝点位综合整治（一期）", 28, 6, co_units=["yz-house"]))
    city.propose("夜间施工噪声扰民专项治理", 1)
    suspended = city.signed("水库移民后扶资金清算", 25, 30)
    act(suspended, "suspend", city.people["gu"], {"remark": "等待省级批复"}, _days_ago(5))
