"""The inclusion page: every step of the funnel, every reason, and a number for each."""

from __future__ import annotations

import pytest
from building import BuiltSite, build, words, write_corpus
from factories import make_label_row, make_record, make_rejected_record

RECORDS = [
    make_record(),
    make_record(misalignment_id="M002", license_type="Apache-2.0"),
    make_record(misalignment_id="M003", license_type="GPL-3.0"),
    make_record(misalignment_id="M004", license_type="GPL-3.0"),
    make_record(misalignment_id="M005", license_type=None),
    make_record(misalignment_id="M006", license_type="Bespoke Sharing Terms"),
    make_record(misalignment_id="M007", drop=["evidence"]),
    make_rejected_record(misalignment_id="M008"),
    make_rejected_record(misalignment_id="M009", license_type="GPL-3.0"),
]
PAGE = "inclusion/index.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("inclusion")
    corpus = write_corpus(folder / "corpus", RECORDS)
    labels = write_corpus(folder / "labels", [make_label_row(misalignment_id="M020")])
    return build([corpus / "misalignments.json", labels / "misalignments.json"], folder / "site")


def rows(site: BuiltSite, section: str) -> dict[str, int]:
    found = site.page(PAGE).css(f'[aria-labelledby="{section}"] tbody tr')
    return {words(row.css_first(".id")): int(words(row.css_first(".number"))) for row in found}


def test_every_step_of_the_funnel_has_its_number(site: BuiltSite) -> None:
    names, counts = site.all_words(PAGE, ".funnel-name"), site.all_words(PAGE, ".funnel .count")
    assert dict(zip(names, map(int, counts), strict=True)) == {
        "Read": 10, "Well-formed": 9, "Valid": 7, "Admitted": 2, "Suppressed": 0, "Published": 2,
    }  # fmt: skip


def test_every_reason_has_its_number_and_only_valid_episodes_count(site: BuiltSite) -> None:
    assert rows(site, "reasons") == {"not-permissive": 2, "missing": 1, "unknown-license": 1}


def test_licenses_are_counted_as_admitted_and_as_recorded(site: BuiltSite) -> None:
    assert rows(site, "admitted") == {"MIT": 1, "Apache-2.0": 1}
    assert rows(site, "excluded") == {"GPL-3.0": 2, "another text": 1, "not recorded": 1}


def test_labels_without_text_and_candidates_are_told_apart(site: BuiltSite) -> None:
    hint = site.words(PAGE, '[aria-labelledby="funnel"] .hint')
    assert "Bars are shares of the 10 records read." in hint
    assert "1 valid episodes came as labels without text" in hint
    assert "1 rejected candidates under an allowed license have a page of their own" in hint
    assert "../?validation=INVALID" in site.hrefs(PAGE)


def test_bars_are_shares_of_what_was_read(site: BuiltSite) -> None:
    widths = [float(bar.attributes["width"] or "") for bar in site.page(PAGE).css(".funnel .bar .now")]
    assert widths == [100, 90, 70, 20, 0, 20]
