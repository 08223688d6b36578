"""The documents: what is made from the code is fresh, every command is one, every link leads somewhere."""

from __future__ import annotations

import importlib.util
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import click
import pytest

from cloutui.actions.registry import build
from cloutui.cli.invocation import Invocation
from cloutui.cli.program import program
from cloutui.cli.report import report
from cloutui.errors import CloutuiError, ProductError
from cloutui.home import Home
from cloutui.products.storage_protect.doors.local import LocalDoor
from cloutui.products.storage_protect.doors.ssh import SshDoor

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

pytestmark = pytest.mark.skipif(not (ROOT / "docs").exists(), reason="the documents are not here")

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(cloutui(?: [^`]*)?)`")
_CRON = re.compile(r"^(?:[\d*/,-]+ ){5}")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _commands(text: str) -> Iterator[str]:
    """Every line of a block that begins with our name, and every piece of code in the text that does."""
    for language, block in _FENCED.findall(text):
        for line in block.splitlines() if language in {"sh", "text"} else ():
            command = _CRON.sub("", line)
            if command.split(" ")[0] == "cloutui":
                yield command
    yield from _INLINE.findall(_FENCED.sub("", text))


def _parse(line: str) -> None:
    """As the program would, up to where it would begin to do something. Raises: click.UsageError, CloutuiError."""
    words = shlex.split(line)[1:]
    obj = Invocation(home=Home.at(None), stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO())
    command: click.Command = program
    context: click.Context | None = None
    while isinstance(command, click.Group):
        try:
            context = command.make_context(command.name, words, parent=context, obj=obj)
        except click.exceptions.NoArgsIsHelpError:
            return  # a group by its name
        words = [*context._protected_args, *context.args]
        if not words:
            return
        _, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found
    if not words:
        return  # a command by its name
    context = command.make_context(command.name, words, parent=context, obj=obj)
    if command.name == "act" and context.params["values"]:
        pairs = (value.partition("=") for value in context.params["values"])
        build(context.params["name"], {key: value for key, _, value in pairs})


@pytest.fixture(autouse=True)
def _no_files_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (click.File, click.Path):
        monkeypatch.setattr(kind, "convert", lambda _self, value, _param, _context: value)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_what_is_made_from_the_code_is_fresh(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert _generate().rendered(text) == text, "run `make docs`"


def test_a_stale_part_would_be_noticed() -> None:
    stale = "<!-- begin faults -->\n| old |\n<!-- end faults -->\n"

    fresh = _generate().rendered(stale)

    assert "| old |" not in fresh
    assert "`hang`" in fresh


def test_every_part_that_can_be_made_stands_in_some_document() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [name for name in _generate().SECTIONS if f"<!-- begin {name} -->" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_in_a_document_is_one(page: Path) -> None:
    for line in _commands(page.read_text(encoding="utf-8")):
        try:
            _parse(line)
        except (click.UsageError, CloutuiError) as error:
            pytest.fail(f"{_name(page)}: {line}: {error}")


@pytest.mark.parametrize(
    "line",
    [
        "cloutui colect",
        "cloutui report jobs --form csv --dayz 3",
        "cloutui report job",
        "cloutui server test --accept SHA256:x --no-such",
        "cloutui act unit.create nam=Acme",
        "cloutui act unit.make name=Acme",
    ],
)
def test_a_wrong_command_would_be_noticed(line: str) -> None:
    with pytest.raises((click.UsageError, CloutuiError)):
        _parse(line)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{_name(page)}: {link}"
        if anchor:
            assert anchor in _anchors(target), f"{_name(page)}: {link}"


def _anchors(page: Path) -> set[str]:
    """As code forges make them from headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_document_is_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    decisions = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")

    assert [page.name for page in ROOT.glob("docs/*.md") if page.name != "index.md" and page.name not in index] == []
    assert [page.name for page in ROOT.glob("docs/adr/0*.md") if page.name not in decisions] == []


def test_servers_explains_every_failure_of_a_server() -> None:
    text = (ROOT / "docs" / "servers.md").read_text(encoding="utf-8")
    ours = [kind for kind in ProductError.__subclasses__() if kind.__module__ == "cloutui.errors"]

    assert ours
    assert [kind.code for kind in ours if f"`{kind.code}`" not in text] == []


def test_servers_names_every_key_of_a_door() -> None:
    text = (ROOT / "docs" / "servers.md").read_text(encoding="utf-8")
    keys = {field.name for kind in (SshDoor, LocalDoor) for field in fields(kind)} - {"passphrase"}

    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


def test_exports_names_every_format() -> None:
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    jobs = report.get_command(click.Context(report), "jobs")  # type: ignore[attr-defined]
    choice = next(option.type for option in jobs.params if option.name == "format")

    assert isinstance(choice, click.Choice)
    assert [kind for kind in choice.choices if f"| `{kind}` |" not in text] == []


def test_the_test_command_of_the_readme_is_what_decides() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Test\n")[2].partition("\n## ")[0]

    assert [block.strip() for _, block in _FENCED.findall(section)] == ["make test"]
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_picture_is_small_enough_to_live_in_the_repository() -> None:
    pictures = list((ROOT / "docs" / "pictures").glob("*.png"))

    assert pictures
    assert max(picture.stat().st_size for picture in pictures) < 500_000
