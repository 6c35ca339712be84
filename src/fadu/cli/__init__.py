"""The `fadu` command: finds the subcommand, reads its words, and sets up Django only for those that need it."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

HELP = """fadu: the working system of a general office | 法度：办公厅（室）工作系统

  fadu init [--admin|--security|--audit USERNAME]
                                    data folder, tables, static files; safe to repeat | 初始化，可重复
  fadu serve [--port N]             the site, with jobs and timers beside it | 启动网站、后台任务和定时
  fadu demo [--no-serve]            an invented city with a year of work | 演示城市
  fadu check                        the law itself: definitions, citations, calendars | 检查程序定义
  fadu verify                       rebuild every case from its records and compare | 逐件核验记录
  fadu work                         background jobs and timers, without the site | 只办后台任务和定时
  fadu tick [--every SECONDS]       what the clock owes now, once or for ever | 办理到期事项
  fadu recount                      open clocks anew after a calendar notice | 按新日历重算期限
  fadu deadline START SPAN          when a period ends, and why | 计算期限
  fadu replay NAME [--domain D]     a published year, built from its numbers | 按公布数据重建一年
  fadu figures --compare NAME       the figures beside the published ones | 与公布数据核对
"""


@dataclass(frozen=True, slots=True)
class Command:
    """Where a subcommand lives (`module:function`, taking its words and giving an exit code)."""

    place: str
    django: bool = True

    def run(self, words: Sequence[str]) -> int:
        if self.django:
            _set_up()
        module, _, name = self.place.partition(":")
        work: Callable[[Sequence[str]], int] = getattr(import_module(module), name)
        return work(words)


COMMANDS = {
    "init": Command("fadu.cli.init:main"),
    "serve": Command("fadu.cli.serve:main"),
    "demo": Command("fadu.cli.demo:main"),
    "check": Command("fadu.check:main", django=False),
    "verify": Command("fadu.cli.verify:main"),
    "work": Command("fadu.cli.work:main"),
    "tick": Command("fadu.cli.tick:main"),
    "recount": Command("fadu.cli.recount:main"),
    "deadline": Command("fadu.deadline:main", django=False),
    "replay": Command("fadu.cli.replay:main"),
    "figures": Command("fadu.figures.command:main"),
}


class Failed(Exception):
    """Something a person can put right, in one sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """0 done, 1 something is wrong with the data, 2 the words cannot be understood."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(HELP)
        return 0
    command = COMMANDS.get(words[0])
    if command is None:
        return fail(f"fadu: there is no command '{words[0]}'; known are {', '.join(COMMANDS)}", 2)
    try:
        return command.run(words[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        return fail(f"fadu {words[0]}: {sentence}", 1)


def fail(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    import_module("django").setup()


def _sentence(error: Exception) -> str | None:
    """What to say of a fault that the person can put right; None for a fault of the program."""
    name = type(error).__name__
    if name in ("ImproperlyConfigured", "BadSetting", "Failed", "CalendarError", "DefinitionError"):
        return str(error)
    if name == "OperationalError":
        return f"the database cannot be reached or used: {str(error).strip().splitlines()[0]}"
    if name == "ProgrammingError" and "does not exist" in str(error):
        return "the tables are missing; run 'fadu init' first"
    return None
