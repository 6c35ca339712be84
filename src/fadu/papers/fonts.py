"""The faces a document is set in: the office's own first, then free ones, of those this machine has."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import typst

from fadu.kernel.law import Text

SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "思源宋体", "FandolSong", "AR PL UMing CN")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "思源黑体", "WenQuanYi Zen Hei", "FandolHei")
LATIN = ("Times New Roman", "Liberation Serif", "Tinos", "Noto Serif")
FACES: Mapping[str, tuple[str, ...]] = {
    "biaosong": (
        "FZXiaoBiaoSong-B05S",
        "FZXiaoBiaoSong-B05",
        "方正小标宋简体",
        "方正小标宋_GBK",
        "STZhongsong",
        *SERIF,
    ),
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang", *SERIF),
    "kai": (
        *("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti"),
        *("AR PL UKai CN", "LXGW WenKai GB", "LXGW WenKai", "FandolKai", *SERIF),
    ),
    "hei": ("SimHei", "黑体", "STHeiti", *SANS, *SERIF),
    "song": ("SimSun", "宋体", "STSong", *SERIF),
    "latin": LATIN,
}  # names as the font files bear them, Latin or Chinese
HEAVY = frozenset(name.lower() for name in SERIF)  # stand in for 小标宋 in their bold weight


class NoFont(RuntimeError):
    """This machine has no Chinese font, so nothing can be set in type; `text` says what to do, in two languages."""

    def __init__(self, folder: Path | None) -> None:
        self.text = Text(
            "服务器没有中文字体，不能生成 PDF。请管理员把单位的字体文件（方正小标宋、仿宋、楷体、黑体）放进 FADU_FONTS 指定的文件夹"
            f"{f'（{folder}）' if folder else ''}，或者安装免费字体（Debian：apt install fonts-noto-cjk），再重启服务。DOCX 不需要服务器字体，可以先下载 DOCX。",
            "the server has no Chinese font, so no PDF can be made. Put the office's font files (FZXiaoBiaoSong, FangSong, KaiTi, "
            f"SimHei) into the folder FADU_FONTS names{f' ({folder})' if folder else ''}, or install free ones (Debian: apt install "
            "fonts-noto-cjk), and restart. DOCX needs no font on the server: download that meanwhile.",
        )
        super().__init__(f"{self.text.zh} | {self.text.en}")


@cache
def fonts(folder: Path | None = None) -> "typst.Fonts":
    """The fonts of this machine and of the office's folder; looked for once."""
    return typst.Fonts(font_paths=[folder] if folder and folder.is_dir() else [])


@cache
def faces(folder: Path | None = None) -> Mapping[str, list[str]]:
    """For each face the names to try, in order, of those that are here. Raises NoFont."""
    return chosen(fonts(folder).families(), folder)


def chosen(families: Iterable[str], folder: Path | None = None) -> Mapping[str, list[str]]:
    here = {name.lower() for name in families}
    found = {face: [name for name in names if name.lower() in here] for face, names in FACES.items()}
    if not any(names for face, names in found.items() if face != "latin"):
        raise NoFont(folder)
    spare = next(names for face, names in found.items() if names and face != "latin")
    return {face: names or spare for face, names in found.items()}


def is_heavy(names: list[str]) -> bool:
    """Whether the first of these must be set bold to stand in for 小标宋."""
    return names[0].lower() in HEAVY
