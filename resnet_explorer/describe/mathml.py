"""The LaTeX of our equations as MathML, which browsers draw without any library.

Only what `equation.py` writes is read; names of several letters stay whole, so that a screen reader says
ReLU and not R e L U.
"""

import re
from html import escape

SPACES = {"\\,": "0.17em", "\\quad": "1em"}
SYMBOLS = {"\\partial": "∂", "\\odot": "⊙", "\\lambda": "λ", "\\Phi": "Φ", "\\sum": "∑"}
NAMES = ("\\lambda", "\\Phi")
BOLD = {"1": "𝟏"}
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|[A-Za-z]|\S")


def mathml(latex: str) -> str:
    """A formula on lines of its own: it breaks where the LaTeX has a wide space."""
    lines = [_line(part) for part in latex.split(r"\quad ") if part]
    return "".join(f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{line}</math>' for line in lines)


def _line(latex: str) -> str:
    return _Reader(TOKEN.findall(latex)).row()


class _Reader:
    """Reads tokens from left to right; `at` is the next one."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def rest(self) -> list[str]:
        return self.tokens[self.at :]

    def row(self, end: str = "") -> str:
        """Everything up to a token that ends it."""
        items = []
        while self.rest() and self.rest()[0] != end:
            items.append(self._scripted())
        if end:
            self._take()
        return f"<mrow>{''.join(items)}</mrow>"

    def _scripted(self) -> str:
        """An atom with what is written below and above it."""
        base = self._atom()
        scripts: dict[str, str] = {}
        while self.rest() and self.rest()[0] in "_^":
            mark = self._take()
            scripts[mark] = self._atom()
        large = base == _operator("∑")
        under, over = ("munder", "mover") if large else ("msub", "msup")
        if len(scripts) == 2:
            name = "munderover" if large else "msubsup"
            return f"<{name}>{base}{scripts['_']}{scripts['^']}</{name}>"
        if scripts:
            ((mark, script),) = scripts.items()
            name = under if mark == "_" else over
            return f"<{name}>{base}{script}</{name}>"
        return base

    def _atom(self) -> str:
        token = self._take()
        if token == "{":
            return self.row("}")
        if token == r"\frac":
            return f"<mfrac>{self._atom()}{self._atom()}</mfrac>"
        if token == r"\tfrac":
            return f'<mstyle displaystyle="false"><mfrac>{self._atom()}{self._atom()}</mfrac></mstyle>'
        if token in (r"\mathrm", r"\mathbf"):
            name = self._name()
            bold = token == r"\mathbf"
            return f"<mi>{BOLD.get(name, name) if bold else name}</mi>"
        if token in (r"\left", r"\right"):
            return _operator(self._take(), stretchy="true")
        if token == "}":
            raise ValueError("cannot read a '}' that nothing opened")
        if token in SPACES:
            return f'<mspace width="{SPACES[token]}"/>'
        return _symbol(token)

    def _name(self) -> str:
        """The letters between two braces."""
        letters = []
        self._take()
        while (token := self._take()) != "}":
            letters.append(token)
        return escape("".join(letters))

    def _take(self) -> str:
        if not self.rest():
            raise ValueError("the formula ends too early")
        self.at += 1
        return self.tokens[self.at - 1]


def _symbol(token: str) -> str:
    if token.startswith("\\") and token not in SYMBOLS:
        raise ValueError(f"unknown command {token!r}")
    if token[0].isdigit():
        return f"<mn>{token}</mn>"
    if token.isalpha() or token in NAMES:
        return f"<mi>{SYMBOLS.get(token, token)}</mi>"
    return _operator(SYMBOLS.get(token, "−" if token == "-" else token), stretchy="false" if token in "()[]" else "")


def _operator(sign: str, stretchy: str = "") -> str:
    kind = f' stretchy="{stretchy}"' if stretchy else ""
    return f"<mo{kind}>{escape(sign)}</mo>"
