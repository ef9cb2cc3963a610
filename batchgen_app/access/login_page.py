"""The pages that strangers see: the form, and refusals. Complete in themselves, without scripts."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

from batchgen_app.access import words
from batchgen_app.access.headers import POLICY
from batchgen_app.language.texts import language

FORM = """
<h1>{title}</h1>
<form method="post" action="/login">
  <input type="hidden" name="next" value="{next}">
  <label for="code">{label}</label>
  <input id="code" name="code" autocomplete="off" autocapitalize="characters"
         spellcheck="false" maxlength="32" required autofocus aria-describedby="hint fault"
         data-testid="login-code">
  <p id="hint">{hint}</p>
  <p id="fault" role="alert" data-testid="login-fault">{fault}</p>
  <button type="submit" data-testid="login">{title}</button>
</form>
"""
REFUSAL = """
<h1>{title}</h1>
<p>{message}</p>
<p><a href="/">{back}</a></p>
"""


class LoginPage:
    """Made once from the files in ``assets``."""

    def __init__(self, assets: Path) -> None:
        style = _read(assets / "entrance.css")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._page = Template(_read(assets / "entrance.html"))
        icon = _read(assets / "icon.svg")
        self._fixed = {"style": style, "icon": icon, "app": words.APP}
        self._policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def form(self, status: int, next_path: str, fault: str = "") -> HTMLResponse:
        """The form, with what was wrong about the last try."""
        texts = {
            "title": str(words.SIGN_IN),
            "label": str(words.CODE),
            "hint": str(words.CODE_HINT),
        }
        content = FORM.format(**_escaped({**texts, "next": next_path, "fault": fault}))
        return self._answer(status, content, {})

    def refusal(self, status: int, message: str, headers: Mapping[str, str]) -> HTMLResponse:
        """A page that says why not."""
        texts = {"title": str(words.REFUSED), "message": message, "back": str(words.BACK)}
        return self._answer(status, REFUSAL.format(**_escaped(texts)), headers)

    def _answer(self, status: int, content: str, headers: Mapping[str, str]) -> HTMLResponse:
        text = self._page.substitute(self._fixed, language=language(), content=content)
        fixed = {POLICY: self._policy, "cache-control": "no-store"}
        return HTMLResponse(text, status, {**fixed, **headers})


def _escaped(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: escape(text) for name, text in texts.items()}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
