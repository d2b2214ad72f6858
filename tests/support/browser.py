"""A browser without JavaScript: it follows links, fills in forms and sends them as they stand on the page."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

HOME = "/_emulator/"
_EMPTY = {"input", "link", "meta", "br", "rect", "option"}


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects the text, the links and the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: dict[str, str] = {}
        self.downloads: dict[str, str] = {}
        self.forms: list[Form] = []
        self.buttons: dict[str, Form] = {}
        self._href = ""
        self._saves = False
        self._words: list[str] = []
        self._select = ""
        self._in_button = self._quiet = False
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        form = self.forms[-1] if self.forms else None
        if tag in ("script", "style", "title"):
            self._quiet = True
        elif tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get")))
        elif tag == "input" and form and (found.get("type") != "checkbox" or "checked" in found):
            form.fields[found.get("name", "")] = found.get("value", "")
        elif tag == "select" and form:
            self._select = found.get("name", "")
            form.choices[self._select] = []
        elif tag == "option" and form and self._select:
            value = found.get("value")
            self._option(form, value, "selected" in found)
        elif tag == "textarea" and form:
            self._textarea = found.get("name", "")
            form.fields[self._textarea] = ""
        elif tag == "a":
            self._href, self._words = found.get("href", ""), []
            self._saves = "download" in found
        elif tag == "button":
            self._in_button, self._words = True, []

    def _option(self, form: Form, value: str | None, is_selected: bool) -> None:
        self._pending = (value, is_selected)
        if value is not None:
            self._choose(form, value, is_selected)

    def _choose(self, form: Form, value: str, is_selected: bool) -> None:
        form.choices[self._select].append(value)
        if is_selected or self._select not in form.fields:
            form.fields[self._select] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            links = self.downloads if self._saves else self.links
            links.setdefault(" ".join("".join(self._words).split()), self._href)
        elif tag == "button" and self.forms:
            self.buttons.setdefault(" ".join("".join(self._words).split()), self.forms[-1])
            self._in_button = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag in ("script", "style", "title"):
            self._quiet = False

    def handle_data(self, data: str) -> None:
        if self._quiet:
            return
        self._words.append(data)
        if self._select and data.strip() and self.forms:
            if getattr(self, "_pending", ("", False))[0] is None:
                self._choose(self.forms[-1], data.strip(), self._pending[1])
            return
        if self._textarea and self.forms:
            self.forms[-1].fields[self._textarea] += data
            return
        self.text.append(data)


class Browser:
    """One tab."""

    def __init__(self, http: httpx.Client, **headers: str) -> None:
        self._http = http
        self._headers = {"Host": "localhost", "Accept": "text/html", **headers}
        self.cookies: dict[str, str] = {}
        self.address = ""
        self.response: httpx.Response | None = None
        self._page = _Reader()

    def open(self, address: str) -> "Browser":
        return self._go("GET", urljoin(self.address, address))

    def follow(self, words: str) -> "Browser":
        """Click on the first link with that text."""
        assert words in self._page.links, list(self._page.links)
        return self.open(self._page.links[words])

    def press(self, button: str, *, of: str = "", **entered: str) -> "Browser":
        """Fill in the form of a button, and press it. `of`: what the form's address ends with."""
        forms = [form for form in self._page.forms if form.action.endswith(of)] if of else [self._page.buttons[button]]
        form = forms[0]
        unknown = entered.keys() - form.fields.keys() - {"refused"}
        assert not unknown, (unknown, form.fields)
        sent = {**form.fields, **entered}
        target = urljoin(self.address, form.action or self.address)
        if form.method == "get":
            return self._go("GET", str(httpx.URL(target).copy_with(query=None, params=sent)))
        return self._go("POST", target, sent)

    def form(self, ending: str) -> Form:
        return next(form for form in self._page.forms if form.action.endswith(ending))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._page.text).split())

    @property
    def html(self) -> str:
        assert self.response is not None
        return self.response.text

    @property
    def status(self) -> int:
        assert self.response is not None
        return self.response.status_code

    @property
    def links(self) -> dict[str, str]:
        return self._page.links

    @property
    def downloads(self) -> dict[str, str]:
        """The links that save a file."""
        return self._page.downloads

    @property
    def problem(self) -> str:
        """The reason that the page gives, if it gives one."""
        found = re.search(r'role="alert">(.*?)</p>', self.html, re.DOTALL)
        return found[1] if found else ""

    def _go(self, method: str, address: str, form: dict[str, str] | None = None) -> "Browser":
        headers = {**self._headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            headers["Origin"] = f"http://{self._headers['Host']}"
        response = self._http.request(method, address, data=form, headers=headers, follow_redirects=False)
        for set_cookie in response.headers.get_list("set-cookie"):
            name, _, value = set_cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in set_cookie:
                del self.cookies[name]
        if response.is_redirect:
            return self._go("GET", urljoin(address, response.headers["location"]))
        self.address, self.response, self._page = address, response, _Reader()
        if "html" in response.headers.get("content-type", ""):
            self._page.feed(response.text)
        return self
