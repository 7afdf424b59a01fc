"""Taking away what a view shows, as CSV and as LaTeX: the same rows as on the screen, with their base."""

from __future__ import annotations

import csv
import io
import re
from calendar import month_abbr
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.explorer import open_explorer, settle, total

pytestmark = pytest.mark.every_size

Rows = list[list[str]]

CASES = 125  # of the sample corpus
SIGNS = {"Table": ".rows", "Cross-tab": ".cross-tab", "Timeline": ".timeline", "Compare": ".compare", "Pairs": ".pair"}


def download(page: Page, name: str, file: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Download {name}").click()
    assert waiting.value.suggested_filename == file
    return Path(waiting.value.path()).read_bytes().decode("utf-8")


def read_csv(text: str) -> tuple[list[str], Rows, str]:
    """Heads, rows, and the caption, which every row ends with."""
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert text.count("\r\n") == len(rows) + 1
    assert head[-1] == "caption"
    assert {len(row) for row in rows} == {len(head)}
    (caption,) = {row[-1] for row in rows}
    return head[:-1], [row[:-1] for row in rows], caption


def read_latex(text: str) -> tuple[list[str], Rows, str]:
    plain = text.replace("{,}", ",").replace("$-$", "−")
    plain = re.sub(r"\\([&%$#_{}])", r"\1", plain)
    caption = re.search(r"^\\caption\{(.*)\}$", plain, re.M)
    head, body = plain.partition("\\toprule\n")[2].partition("\\bottomrule")[0].split("\\midrule\n")
    assert caption is not None
    heads, rows = ([line.removesuffix(" \\\\").split(" & ") for line in part.splitlines()] for part in (head, body))
    return heads[0], rows, caption[1]


def texts(page: Page, selector: str) -> Rows:
    """What the cells of each row hold, in spaces that are seen."""
    read = "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.replace(/\\s+/g, ' ').trim()))"
    found: Rows = page.locator(f"#view {selector}").evaluate_all(read)
    return found


def round_as(cell: str, seen: str) -> str:
    """Numbers are taken away as CSV with more decimals than are seen."""
    decimals = re.fullmatch(r"[−\d]\d*\.(\d)", seen)
    return seen if decimals and abs(float(cell) - float(seen.replace("−", "-"))) < 0.051 else cell


def shown_cases(page: Page) -> Rows:
    rows = [[title.split(" AMA-"), *cells] for title, *cells in texts(page, ".rows tbody tr")]
    return [[f"AMA-{case}", name, *(cell.removeprefix("–") for cell in cells)] for (name, case), *cells in rows]


def shown_cells(page: Page) -> Rows:
    *rows, last = ([cell.removeprefix("·") for cell in row] for row in texts(page, ".cross-tab tbody tr"))
    return [*rows, ["All (n)", *last[1:]]]


def shown_months(page: Page) -> Rows:
    page.get_by_text("The numbers, with links").click()
    *months, undated = texts(page, ".timeline tbody tr")
    numbers = {name: f"{number:02}" for number, name in enumerate(month_abbr)}
    dated = [[f"{name[4:]}-{numbers[name[:3]]}", *counts] for name, *counts in months]
    return [*dated, ["undated", *undated[1:]]]


def shown_shares(page: Page) -> Rows:
    """With the counts, which are the titles of the shares."""
    found: Rows = page.locator("#view .compare tbody").evaluate_all(
        """parts => parts.flatMap(part => [...part.rows].slice(1).map(row => [
            part.rows[0].textContent,
            ...[...row.cells].slice(0, 3).flatMap(cell => [cell.title.split(" ")[0], cell.textContent]).slice(1),
            row.cells[3].textContent.replace("+", ""),
            ...row.cells[4].textContent.replaceAll("+", "").split(" to "),
        ]))"""
    )
    return found


def shown_pairs(page: Page) -> Rows:
    return page.locator("#view .pair").evaluate_all(
        """pairs => pairs.map(pair => {
            const codes = place => [...place.querySelectorAll(".code")].map(code => code.textContent).join(" ");
            const sides = [...pair.querySelectorAll(".pair-side")].flatMap(side => [
                side.querySelector(".card").dataset.id,
                side.querySelector(".card-title").textContent.trim(),
                codes(side.querySelector(".pair-other")),
            ]);
            return [codes(pair.querySelector(".pair-same h3")), ...sides];
        })"""
    )


FORM = "Developer Constraint Violation"
# File, columns, what stands on the screen, and what the caption says of the base.
VIEWS: dict[str, tuple[str, str, Callable[[Page], Rows], str]] = {
    "Table": (
        "cases",
        "Id, Case, Form, Cause, Severity, Resolution, Workflow, Month",
        shown_cases,
        rf"^{{n}} of {{all}} cases: {FORM}\. In this table: cases 1 to ",
    ),
    "Cross-tab": (
        "form-by-cause",
        r"Form, C1 .*, C7 [^,]*, All \(n\)",
        shown_cells,
        rf"with both values, of {{n}} cases \({FORM}\)\.",
    ),
    "Timeline": (
        "cases-by-month",
        "Month, IDE, CLI, All",
        shown_months,
        rf": \d+ of {{n}} cases \({FORM}\); ",
    ),
    "Compare": (
        "comparison",
        r"Facet, Label, A \(of \d+\), A %, B \(of \d+\), B %, Difference, Lower 95 %, Upper 95 %",
        shown_shares,
        rf"A: {FORM}, in IDE, n = \d+\. B: {FORM}, in CLI, n = \d+\.",
    ),
    "Pairs": (
        "pairs",
        "Form, Id A, Case A, Cause A, Id B, Case B, Cause B",
        shown_pairs,
        rf": \d+ of {{n}} cases \({FORM}\) have such a counterpart",
    ),
}


def test_every_view_can_be_taken_away_as_it_stands_with_its_base(page: Page, sample_url: str) -> None:
    open_explorer(page, f"{sample_url}?form=S3")
    count = total(page)
    for view, (name, columns, shown, base) in VIEWS.items():
        page.get_by_role("navigation", name="Views of this result").get_by_role("link", name=view, exact=True).click()
        expect(page.locator("#view .take-away")).to_be_visible()
        expect(page.locator(f"#view {SIGNS[view]}")).not_to_have_count(0)
        settle(page)
        expected = shown(page)
        heads, rows, caption = read_csv(download(page, "CSV", f"{name}.csv"))
        assert len(rows) == len(expected) > 5
        assert read_latex(download(page, "LaTeX", f"{name}.tex")) == (heads, expected, caption)
        assert re.fullmatch(columns, ", ".join(heads))
        assert re.search(base.format(n=count, all=CASES), caption)
        for row, line in zip(rows, expected, strict=True):
            assert [round_as(cell, seen) for cell, seen in zip(row, line, strict=True)] == line
