"""`cloutui report` into files and pipes, in every format."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from cloutui.cli.program import DONE, FAILED, WRONG_USAGE, run
from cloutui.delivery import as_csv
from tests.world import ROOT, furnish


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@dataclass
class Done:
    status: int
    out: bytes
    err: str


@dataclass
class Shell:
    """Our program on the files of one home."""

    home: Path

    def report(self, *args: str | Path) -> Done:
        out, err = TextIOWrapper(BytesIO(), encoding="utf-8", newline=""), StringIO()
        line = ["--home", str(self.home), "report", "units", *map(str, args)]
        status = run(line, stdin=StringIO(), stdout=out, stderr=err)
        out.flush()
        return Done(status, out.buffer.getvalue(), err.getvalue())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    home = tmp_path / "home"
    home.mkdir()
    furnish(home)
    return Shell(home)


def test_without_a_format_a_person_gets_a_table(shell: Shell) -> None:
    done = shell.report()
    assert done.out.startswith(b"unit id  parent id  name")
    assert (done.status, done.err) == (DONE, "")


def test_a_files_ending_chooses_its_format(shell: Shell, tmp_path: Path) -> None:
    done = shell.report("-o", tmp_path / "units.xlsx")
    assert done.err == f"1 row in {tmp_path / 'units.xlsx'}.\n"
    assert openpyxl.load_workbook(tmp_path / "units.xlsx")["rows"]["C2"].value == ROOT


def test_the_ending_of_something_else_is_no_table(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "units.xls"
    refused = shell.report("-o", path)
    assert (refused.status, path.exists()) == (WRONG_USAGE, False)
    assert refused.err.startswith("cloutui: “.xls” is the ending of no format: give one of .txt, .csv, .json, ")
    assert shell.report("-o", path, "--format", "csv").status == DONE, "whoever says so means it"
    for name in ("units", "exports.d"):
        (tmp_path / "exports.d").mkdir(exist_ok=True)
        assert shell.report("-o", tmp_path / name).status == DONE


def test_the_heading_tells_what_was_asked(shell: Shell) -> None:
    found = json.loads(shell.report("--format", "json", "--filter", "name:Nord", "--sort=-nodes").out)
    assert (found["report"], found["unit"], found["filter"], found["sort"]) == ("units", ROOT, "name:Nord", ["-nodes"])
    assert found["made_by"]
    assert found["made_at"] <= f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"


@pytest.mark.parametrize("name", ["parquet", "xlsx"])
def test_bytes_go_into_a_pipe(shell: Shell, name: str) -> None:
    content = BytesIO(shell.report("--format", name).out)
    if name == "parquet":
        assert pq.read_table(content).column("name").to_pylist() == [ROOT]
    else:
        assert openpyxl.load_workbook(content).sheetnames == ["rows", "about"]


def test_bytes_do_not_go_to_a_terminal(shell: Shell) -> None:
    out, err = Terminal(), StringIO()
    line = ["--home", str(shell.home), "report", "units", "--format", "xlsx"]
    assert run(line, stdin=StringIO(), stdout=out, stderr=err) == WRONG_USAGE
    assert out.getvalue() == ""
    assert err.getvalue().startswith("cloutui: xlsx is no text: give -o FILE")


def test_a_folder_gets_a_file_named_after_what_is_in_it(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    days = [datetime.now(UTC).date()]
    shell.report("--format", "csv", "-o", folder)
    days.append(datetime.now(UTC).date())  # it may be midnight
    [path] = folder.iterdir()
    assert path.name in {f"units_{ROOT.replace(' ', '-')}_{day}.csv" for day in days}


def test_a_file_is_replaced_only_when_forced(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("mine")
    refused = shell.report("-o", path)
    assert (refused.status, path.read_text()) == (FAILED, "mine")
    assert refused.err == f"cloutui: {path} is there already. Give another name, or --force to replace it.\n"
    assert shell.report("-o", path, "--force").status == DONE
    assert path.read_text().startswith("unit_id,")


def test_an_export_that_is_stopped_leaves_nothing(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(as_csv, "plain_rows", stopped)
    assert shell.report("-o", tmp_path / "units.csv").err == "cloutui: stopped.\n"
    assert not (tmp_path / "units.csv").exists()


def test_raw_is_for_csv_alone(shell: Shell) -> None:
    assert shell.report("--format", "csv", "--raw").status == DONE
    refused = shell.report("--format", "json", "--raw")
    assert refused.status == WRONG_USAGE
    assert refused.err.startswith("cloutui: --raw makes no difference to json.")


@pytest.mark.parametrize("name", ["csv", "parquet", "xlsx"])
def test_a_full_disk_behind_the_pipe_is_told_in_one_line(shell: Shell, name: str) -> None:
    err = StringIO()
    line = ["--home", str(shell.home), "report", "units", "--format", name]
    with Path("/dev/full").open("wb", buffering=0) as full, TextIOWrapper(full, write_through=True) as out:
        assert run(line, stdin=StringIO(), stdout=out, stderr=err) == FAILED
    assert err.getvalue() == (
        "cloutui: The standard output cannot be written: No space left on device. Check where it goes.\n"
    )
