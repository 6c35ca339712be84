"""What a PDF made by Typst shows, read back: every run of text with its place, and every line drawn, in millimetres from the top left."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

MM = 25.4 / 72
_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_TOKEN = re.compile(rb"/[^\s/\[\]()<>]+|[^\s/\[\]()<>]+|<<|>>|<[0-9A-Fa-f]*>|[\[\]]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


@dataclass(frozen=True)
class Words:
    """A run of text on one baseline, which `y` is; `x` is where it begins."""

    text: str
    x: float
    y: float
    size: float  # points
    font: str


@dataclass(frozen=True)
class Stroke:
    x: float
    y: float
    length: float
    width: float


@dataclass
class Page:
    words: list[Words] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    height: float = 0

    @property
    def lines(self) -> list[str]:
        """The text of each baseline, from the top."""
        rows: dict[float, list[Words]] = {}
        for one in self.words:
            rows.setdefault(round(one.y, 1), []).append(one)
        return ["".join(one.text for one in sorted(rows[y], key=lambda one: one.x)) for y in sorted(rows)]

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def find(self, text: str) -> Words:
        return next(one for one in self.words if text in one.text)


def read(pdf: bytes) -> list[Page]:
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    kids = next(body for body in objects.values() if b"/Type/Pages" in body and b"/Kids" in body)
    numbers = re.search(rb"/Kids\[([^\]]*)\]", kids)
    assert numbers
    return [_page(objects, int(number)) for number in re.findall(rb"(\d+) 0 R", numbers[1])]


def _page(objects: dict[int, bytes], number: int) -> Page:
    body = objects[number]
    box = [float(part) for part in _found(rb"/MediaBox\[([^\]]*)\]", body).split()]
    fonts = {
        name: _font(objects, int(ref))
        for name, ref in re.findall(rb"/(f\d+) (\d+) 0 R", objects[int(_found(rb"/Resources (\d+) 0 R", body))])
    }
    page = Page(height=box[3] * MM)
    _Pen(page, fonts).draw(_stream(objects[int(_found(rb"/Contents (\d+) 0 R", body))]))
    return page


class _Pen:
    """Follows the operators of a page; Typst moves and flips, and never turns what is measured here."""

    def __init__(self, page: Page, fonts: dict[bytes, tuple[str, dict[int, str]]]) -> None:
        self.page, self.fonts = page, fonts
        self.at, self.held = (0.0, 0.0), list[tuple[float, float]]()
        self.font, self.size, self.width, self.start = b"", 0.0, 1.0, (0.0, 0.0)

    def draw(self, content: bytes) -> None:
        stack: list[bytes] = []
        for token in _tokens(content):
            if not re.fullmatch(rb"[A-Za-z*]+", token):
                stack.append(token)
                continue
            step = getattr(self, f"on_{token.decode().rstrip('*')}", None)
            if step is not None:
                step(stack)
            stack = []

    def on_q(self, _: list[bytes]) -> None:
        self.held.append(self.at)

    def on_Q(self, _: list[bytes]) -> None:  # noqa: N802  # the operator's name
        self.at = self.held.pop()

    def on_cm(self, stack: list[bytes]) -> None:
        x, y = (float(part) for part in stack[-2:])
        self.at = (self.at[0] + x, self.at[1] + y)

    def on_Tf(self, stack: list[bytes]) -> None:  # noqa: N802
        self.font, self.size = stack[-2].lstrip(b"/"), float(stack[-1])

    def on_TJ(self, stack: list[bytes]) -> None:  # noqa: N802
        name, letters = self.fonts[self.font]
        text = "".join(letters.get(code, "") for code in _codes(stack))
        self.page.words.append(Words(text, self.at[0] * MM, self.page.height - self.at[1] * MM, self.size, name))

    on_Tj = on_TJ  # noqa: N815

    def on_w(self, stack: list[bytes]) -> None:
        self.width = float(stack[-1])

    def on_m(self, stack: list[bytes]) -> None:
        self.start = (float(stack[-2]), float(stack[-1]))

    def on_l(self, stack: list[bytes]) -> None:
        end = (float(stack[-2]), float(stack[-1]))
        if end[1] == self.start[1]:
            x, y = self.at[0] + min(self.start[0], end[0]), self.at[1] - end[1]
            length = abs(end[0] - self.start[0])
            self.page.strokes.append(Stroke(x * MM, self.page.height - y * MM, length * MM, self.width * MM))
        self.start = end


def _tokens(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        if content[at : at + 1] == b"(":
            end = _string_end(content, at)
            yield content[at:end]
            at = end
        elif found := _TOKEN.match(content, at):
            yield found[0]
            at = found.end()
        else:
            at += 1


def _string_end(content: bytes, at: int) -> int:
    depth = 0
    while True:
        letter = content[at : at + 1]
        depth += {b"(": 1, b")": -1}.get(letter, 0)
        at += 2 if letter == b"\\" else 1
        if depth == 0:
            return at


def _codes(stack: list[bytes]) -> list[int]:
    """The glyphs of the strings that stand before `TJ`."""
    found = list[int]()
    for token in stack:
        if token[:1] == b"(":
            raw = _ESCAPE.sub(_unescaped, token[1:-1])
        elif token[:1] == b"<" and token != b"<<":
            raw = bytes.fromhex(token[1:-1].decode())
        else:
            continue
        found += [raw[place] * 256 + raw[place + 1] for place in range(0, len(raw), 2)]
    return found


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() else _ESCAPES.get(code, code)


def _font(objects: dict[int, bytes], number: int) -> tuple[str, dict[int, str]]:
    body = objects[number]
    name = _found(rb"/BaseFont/(?:[A-Z]{6}\+)?([^/\s]+)", body).decode()
    cmap = _stream(objects[int(_found(rb"/ToUnicode (\d+) 0 R", body))])
    letters = {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in re.findall(rb"<([0-9A-Fa-f]{4})> ?<([0-9A-Fa-f]+)>", cmap)
    }
    return name, letters


def _stream(body: bytes) -> bytes:
    raw = body[body.index(b"stream\n") + 7 : body.rindex(b"\nendstream")]
    return zlib.decompress(raw) if b"/FlateDecode" in body[: body.index(b"stream\n")] else raw


def _found(pattern: bytes, body: bytes) -> bytes:
    match = re.search(pattern, body)
    assert match, pattern
    return match[1]
