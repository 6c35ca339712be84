"""A message in both languages side by side, shown in the reader's."""

from django.utils.functional import lazy
from django.utils.translation import get_language


def _pick(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh


_lazily = lazy(_pick, str)


def both(zh: str, en: str) -> str:
    """A lazy string, which Django takes wherever it takes text: English under English, else Chinese."""
    return _lazily(zh, en)
