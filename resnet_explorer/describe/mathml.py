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
    """A formula as MathML, a line for each part between wide spaces; a ValueError for what it cannot read."""
    lines = [_format_line(part) for part in latex.split(r"\quad ") if part]
    return "".join(f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{line}</math>' for line in lines)


def _format_line(latex: str) -> str:
    return _Reader(TOKEN.findall(latex)).read_row()


class _Reader:
    """Reads tokens from left to right; `position` is that of the next."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0

    def remaining(self) -> list[str]:
        return self.tokens[self.position :]

    def read_row(self, end: str = "") -> str:
        """Everything up to a token that ends it."""
        items = []
        while self.remaining() and self.remaining()[0] != end:
            items.append(self._read_scripted())
        if end:
            self._next_token()
        return f"<mrow>{''.join(items)}</mrow>"

    def _read_scripted(self) -> str:
        """An atom with what is written below and above it."""
        base = self._read_atom()
        scripts: dict[str, str] = {}
        while self.remaining() and self.remaining()[0] in "_^":
            sign = self._next_token()
            scripts[sign] = self._read_atom()
        large = base == _format_operator("∑")
        under, over = ("munder", "mover") if large else ("msub", "msup")
        if len(scripts) == 2:
            name = "munderover" if large else "msubsup"
            return f"<{name}>{base}{scripts['_']}{scripts['^']}</{name}>"
        if scripts:
            ((sign, script),) = scripts.items()
            name = under if sign == "_" else over
            return f"<{name}>{base}{script}</{name}>"
        return base

    def _read_atom(self) -> str:
        token = self._next_token()
        if token == "{":
            return self.read_row("}")
        if token == r"\frac":
            return f"<mfrac>{self._read_atom()}{self._read_atom()}</mfrac>"
        if token == r"\tfrac":
            return f'<mstyle displaystyle="false"><mfrac>{self._read_atom()}{self._read_atom()}</mfrac></mstyle>'
        if token in (r"\mathrm", r"\mathbf"):
            name = self._read_name()
            bold = token == r"\mathbf"
            return f"<mi>{BOLD.get(name, name) if bold else name}</mi>"
        if token in (r"\left", r"\right"):
            return _format_operator(self._next_token(), stretchy="true")
        if token == "}":
            raise ValueError("cannot read a '}' that nothing opened")
        if token in SPACES:
            return f'<mspace width="{SPACES[token]}"/>'
        return _format_symbol(token)

    def _read_name(self) -> str:
        """The letters between two braces."""
        letters = []
        self._next_token()
        while (token := self._next_token()) != "}":
            letters.append(token)
        return escape("".join(letters))

    def _next_token(self) -> str:
        if not self.remaining():
            raise ValueError("the formula ends too early")
        self.position += 1
        return self.tokens[self.position - 1]


def _format_symbol(token: str) -> str:
    if token.startswith("\\") and token not in SYMBOLS:
        raise ValueError(f"unknown command {token!r}")
    if token[0].isdigit():
        return f"<mn>{token}</mn>"
    if token.isalpha() or token in NAMES:
        return f"<mi>{SYMBOLS.get(token, token)}</mi>"
    return _format_operator(
        SYMBOLS.get(token, "−" if token == "-" else token), stretchy="false" if token in "()[]" else ""
    )


def _format_operator(sign: str, stretchy: str = "") -> str:
    attribute = f' stretchy="{stretchy}"' if stretchy else ""
    return f"<mo{attribute}>{escape(sign)}</mo>"
