"""Words in two languages, and tables of them."""

from typing import NamedTuple


class Words(NamedTuple):
    """The same words in two languages."""

    en: str
    zh: str

    def of(self, lang: str) -> str:
        """The words in one language, ``"en"`` or ``"zh"``."""
        return self.zh if lang == "zh" else self.en


def table(text: str) -> dict[str, Words]:
    """Rows of ``key|English|Chinese``; what is long goes on in the next line, behind four spaces."""
    rows = (line.split("|") for line in text.strip("\n").replace("\n    ", "").splitlines())
    return {key.strip(): Words(en, zh) for key, en, zh in rows}
