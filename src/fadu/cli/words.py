"""Reading the words of a command: argparse that says what is wrong in one sentence."""

import argparse
import sys
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """Exits with 2 and one sentence."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}; see {self.prog} --help\n")
        raise SystemExit(2)


def parser(name: str, about: str) -> Parser:
    return Parser(prog=f"fadu {name}", description=about, allow_abbrev=False)
