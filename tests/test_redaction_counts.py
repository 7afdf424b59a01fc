"""What was replaced is counted where a reader looks: by kind on the page of a case, in sum on the method page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import write_corpus
from factories import make_record, make_rejected_record

from atlas_build.cli import main


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("counts")
    records = [
        make_record(
            description="Mail ida@fjordwerk.no and per@fjordwerk.no, again ida@fjordwerk.no; ls /home/zlatkovic/x"
        ),
        make_record(misalignment_id="M002", description="Mail ida@fjordwerk.no about it."),
        make_rejected_record(misalignment_id="M003", description="Mail nils@fjordwerk.no, ls /home/zlatkovic/x"),
    ]
    corpus = write_corpus(folder / "corpus", records)
    options = ["--out", str(folder / "site"), "--no-cache", "--jobs", "1", "--quiet"]
    assert main(["build", str(corpus), *options]) == 0
    return folder / "site"


def scrubbed_section(page: str) -> dict[str, str]:
    section = page[page.index('id="scrubbed"') :].split("</section>", maxsplit=1)[0]
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", section))


def test_page_of_a_case_counts_its_replacements_by_kind(site: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in site.glob("c/*/index.html")]
    found = sorted(tuple(sorted(scrubbed_section(page).items())) for page in pages if 'class="page-case"' in page)
    assert found == [
        (("account name", "1 replaced"), ("e-mail address", "3 replaced")),
        (("e-mail address", "1 replaced"),),
    ]


def test_method_page_adds_up_the_published_cases_and_no_rejected_candidate(site: Path) -> None:
    page = (site / "method" / "index.html").read_text(encoding="utf-8")
    section = page[page.index('id="replaced"') :].split("</section>")[0]
    assert "In the 2 published cases" in section
    assert re.findall(r'<th scope="row">(.*?)</th><td class="number">(.*?)</td>', section) == [
        ("an e-mail address was here", "4"),
        ("an account name was here", "1"),
    ]
