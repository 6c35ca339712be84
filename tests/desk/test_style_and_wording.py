"""What can be held against the templates and style sheets without a browser."""

import ast
import re
from pathlib import Path

import pytest

import fadu.desk

DESK = Path(fadu.desk.__file__).parent
TEMPLATES = sorted((DESK / "templates").rglob("*.html"))
SHEETS = {path.name: path.read_text(encoding="utf-8") for path in sorted((DESK / "static/desk").glob("*.css"))}
HAN = re.compile(r"[㐀-鿿]")
SAID = re.compile(r"{%-? *t +\"([^\"]*)\"")
OWN_NAMES = {"简体", "繁體"}  # a language is named in itself


def relative(path: Path) -> str:
    return str(path.relative_to(DESK))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_template_says_something_in_chinese_only(path):
    text = path.read_text(encoding="utf-8")
    bare = re.sub(r"{%.*?%}|{#.*?#}", "", text, flags=re.DOTALL)
    assert [
        line for line in bare.splitlines() if HAN.search(re.sub("|".join(OWN_NAMES), "", line)) and "　" not in line
    ] == []
    assert [said for said in SAID.findall(text) if not _both(said)] == []


@pytest.mark.parametrize("path", sorted(DESK.rglob("*.py")), ids=relative)
def test_no_module_says_something_in_chinese_only(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert [said for call in calls for said in _said(call) if not _both(said)] == []


def _said(call: ast.Call) -> list[str]:
    """The literal first argument of `t(…)`."""
    first = call.args[0] if isinstance(call.func, ast.Name) and call.func.id == "t" and call.args else None
    return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def _both(text: str) -> bool:
    zh, bar, en = text.partition(" | ")
    slots = [sorted(re.findall(r"{(\w+)", half)) for half in (zh, en)]
    return bool(bar and zh.strip() and en.strip()) and not HAN.search(en) and set(slots[0]) == set(slots[1])


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_template_carries_inline_script_or_style(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=\"|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_the_style_sheets_of_a_page_stay_small():
    """Some pages bring one sheet of their own; compressed, all of them are some ten kilobytes."""
    sizes = {name: len(text.encode()) for name, text in SHEETS.items()}
    shared = sum(sizes.pop(name) for name in ("tokens.css", "dark.css", "components.css", "pages.css"))
    assert shared + max(sizes.values()) < 48_000


def test_every_token_that_is_used_is_defined_in_tokens():
    defined = set(re.findall(r"(--[\w-]+):", SHEETS["tokens.css"])) | {"--gap", "--row"}  # these two have a fallback
    used = {name for text in SHEETS.values() for name in re.findall(r"var\((--[\w-]+)", text)}
    assert used <= defined


def test_colours_are_named_only_in_the_tokens():
    for name in sorted(SHEETS.keys() - {"tokens.css", "dark.css"}):
        colours = set(re.findall(r"#[0-9a-f]{3,8}\b", SHEETS[name])) - {
            "#0000",
            "#fff",
        }  # nothing; the ground of a QR code
        assert colours == set(), name


def test_dark_values_replace_light_ones_and_add_none():
    light, dark = (set(re.findall(r"(--[\w-]+):", SHEETS[name])) for name in ("tokens.css", "dark.css"))
    assert dark <= light


@pytest.mark.parametrize("name", sorted(SHEETS.keys() - {"dark.css"}))
def test_nested_rules_that_begin_with_an_element_are_written_with_an_ampersand(name):
    """Browsers at the floor (Chromium 114) read `.a {b {…}}` as nothing."""
    assert _bare_nested(SHEETS[name]) == []


def _bare_nested(text: str) -> list[str]:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    start, found = 0, list[str]()
    rules: list[str] = []
    for at, sign in enumerate(text):
        if sign == "{":
            selector = text[start:at].strip()
            inside_rule = bool(rules) and not all(rule.startswith("@") for rule in rules)
            if inside_rule and re.match(r"[a-z*]", selector):
                found.append(selector)
            rules.append(selector)
        elif sign == "}":
            rules.pop()
        if sign in "{};":
            start = at + 1
    return found


def _tokens(*names: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        head = SHEETS[name].split("@media")[0]
        found.update(re.findall(r"(--[\w-]+): (#[0-9a-f]{3,6})\b", head))
    return found


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *(
        (ink, ground, 4.5)
        for ink in ("--ink", "--ink-2")
        for ground in ("--paper", "--desk", "--sunken", "--picked", "--hover")
    ),
    *(("--ink-3", ground, 4.5) for ground in ("--paper", "--desk", "--sunken", "--picked")),
    *((text, ground, 4.5) for text in ("--qing", "--red", "--amber") for ground in ("--paper", "--picked", "--hover")),
    ("--on-qing", "--qing", 4.5),
    ("--red", "--red-soft", 4.5),
    ("--amber", "--amber-soft", 4.5),
    ("--green", "--green-soft", 4.5),
    ("--qing", "--qing-soft", 4.5),
    ("--red", "--del", 4.5),
    ("--green", "--ins", 4.5),
    ("--edge", "--paper", 3.0),
]


@pytest.mark.parametrize("theme", [("tokens.css",), ("tokens.css", "dark.css")], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_text_stands_out_from_its_ground(theme, text, ground, least):
    tokens = _tokens(*theme)
    assert _contrast(tokens[text], tokens[ground]) >= least
