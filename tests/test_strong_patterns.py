"""The last look finds what has a telling form wherever the site holds it, and nothing in what may stand there."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest
from building import ROOT

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.episodes import RemovedValue
from atlas_build.scrub.strong import StrongRecognizers
from atlas_build.search.reader import read_texts
from atlas_build.search.terms import Tokenizer
from atlas_build.verify import sweep
from atlas_build.verify.leaks import Leak, find_leaks
from atlas_build.verify.strong import StrongHit, find_strong_patterns

CASE = "AMA-0001-0001"
PAGE = "c/ama-0001-0001/index.html"
GITHUB = "ghp_" + "a8Kd03LmQz" * 4
AWS = "AKIA" + "QZ7XW2RT5MN8PL3K"
JWT = ".".join(("eyJ" + "hbGciOiJIUzI1NiJ9", "eyJ" + "zdWIiOiJ6bGF0a28ifQ", "q8Zr1xkP0vYw3nTb5mLc7d"))
KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEAx7vB\n" * 4 + "-----END RSA PRIVATE KEY-----"


@pytest.fixture(scope="module")
def strong() -> StrongRecognizers:
    return StrongRecognizers(ROOT / "data")


def write(site: Path, file: str, content: str | bytes) -> Path:
    path = site / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return site


def hits(site: Path, strong: StrongRecognizers, own_text: str = "") -> list[StrongHit]:
    return find_strong_patterns(site, strong, own_text=own_text, read_index=read_texts)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (GITHUB, Kind.SECRET),
        (f"AWS_ACCESS_KEY_ID={AWS}", Kind.SECRET),
        (JWT, Kind.SECRET),
        ("postgres://app:h4rvest-Moon@db.fjordwerk.no/x", Kind.SECRET),
        ("mail ida@fjordwerk.no now", Kind.EMAIL),
        ("pay to DE89 3704 0044 0532 0130 00", Kind.IBAN),
        ("card 4556 7375 8689 9855", Kind.CREDIT_CARD),
        ("ls /Users/zlatkovic/app", Kind.USERNAME),
        ("cd /home/zlatkovic/app", Kind.USERNAME),
        (r"C:\Users\zlatkovic\app", Kind.USERNAME),
    ],
)
def test_form_is_found_on_a_page_and_its_case_is_named(
    tmp_path: Path, strong: StrongRecognizers, text: str, kind: Kind
) -> None:
    found = hits(write(tmp_path, PAGE, f"<main>\n<p>{text}</p>\n</main>"), strong)
    assert [(hit.file, hit.case_id, hit.kind) for hit in found] == [(PAGE, CASE, kind)]


def test_key_block_over_several_lines_is_found(tmp_path: Path, strong: StrongRecognizers) -> None:
    found = hits(write(tmp_path, PAGE, f"<p>{KEY}</p>"), strong)
    assert [hit.kind for hit in found] == [Kind.PRIVATE_KEY]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("index.html", "<p>ida<wbr>@fjord<mark>werk</mark>.no</p>"),
        ("index.html", "<p>ida&#64;fjordwerk.no</p>"),
        ("index.html", '<a title="ida@fjordwerk.no">x</a>'),
        ("index.html", '<a href="/?q=ida%40fjordwerk.no">x</a>'),
        ("index.html", '<script type="application/ld+json">{"name": "ida@fjordwerk.no"}</script>'),
        ("feed.xml", "<title>ida@fjordwerk.no</title>"),
        ("data/x.json", '{"text": "ida\\u0040fjordwerk.no"}'),
        ("data/cases.csv", "id,text\n1,ida@fjordwerk.no\n"),
        ("data/cases.csv.gz", gzip.compress(b"id,text\n1,ida@fjordwerk.no\n", mtime=0)),
        ("about.txt", "write to ida@fjordwerk.no"),
    ],
)
def test_form_is_found_in_every_kind_of_file(
    tmp_path: Path, strong: StrongRecognizers, file: str, content: str | bytes
) -> None:
    found = hits(write(tmp_path, file, content), strong)
    assert {(hit.file, hit.kind) for hit in found} == {(file, Kind.EMAIL)}


def test_form_is_found_in_a_database(tmp_path: Path, strong: StrongRecognizers) -> None:
    (tmp_path / "data").mkdir()
    connection = sqlite3.connect(tmp_path / "data" / "cases.sqlite")
    connection.execute("CREATE TABLE cases (text)")
    connection.execute("INSERT INTO cases VALUES ('mail ida@fjordwerk.no')")
    connection.commit()
    connection.close()
    assert [hit.kind for hit in hits(tmp_path, strong)] == [Kind.EMAIL]


def test_halves_of_a_folded_quote_are_one_text_in_the_download_which_names_the_field(
    tmp_path: Path, strong: StrongRecognizers
) -> None:
    page = f"<p>{AWS[:8]}</p>\n<details><summary>more</summary><p>{AWS[8:]}</p></details>"
    write(tmp_path, PAGE, page)
    assert hits(tmp_path, strong) == []
    record = {"id": CASE, "evidence": [{"quote": "ok"}, {"quote": f"export T={AWS}"}]}
    write(tmp_path, "data/episodes.jsonl.gz", gzip.compress(json.dumps(record).encode() + b"\n", mtime=0))
    assert hits(tmp_path, strong) == [
        StrongHit("data/episodes.jsonl.gz", CASE, "evidence[2].quote", Kind.SECRET, "aws-access-key")
    ]


def index_with(site: Path, terms: str, card: str = "x") -> None:
    files = {
        "index.json": {"terms": {"firsts": ["a"]}, "cards": {"chunks": 1}},
        "terms/0.json": {"terms": terms},
        "cards/0.json": {"first": 0, "names": [card]},
    }
    for name, content in files.items():
        write(site, f"index/0123456789ab/{name}", json.dumps(content))


def test_card_in_the_index_is_searched(tmp_path: Path, strong: StrongRecognizers) -> None:
    index_with(tmp_path, "Aapple", card="mail ida@fjordwerk.no")
    assert [hit.file for hit in hits(tmp_path, strong)] == ["index/0123456789ab/cards/0.json"]


def removed(value: str) -> RemovedValue:
    return RemovedValue(Kind.USERNAME, value, CASE, "description", True)


def test_removed_value_that_the_index_spells_by_parts_is_a_leak(tmp_path: Path) -> None:
    # Front coding: `zlat`, then four shared letters and `kovic`.
    index_with(tmp_path, "AzlatEkovic")
    leaks = find_leaks(tmp_path, [removed("zlatkovic")], jobs=1, read_index=read_texts)
    assert leaks == [Leak(CASE, "description", Kind.USERNAME, "index/0123456789ab/terms/0.json")]


@pytest.mark.parametrize("text", ["class ZlatkovicBackup", "my_zlatkovic2 file", "zlatkóvicBackup"])
def test_term_that_published_text_holds_inside_a_longer_word_is_no_leak(tmp_path: Path, text: str) -> None:
    index_with(tmp_path, "AzlatEkovic")
    write(tmp_path, PAGE, f"<p>{text.replace('my_zlatkovic2', 'myzlatkovic2')}</p>")
    assert find_leaks(tmp_path, [removed("zlatkovic")], jobs=1, read_index=read_texts) == []


def test_fragment_of_a_shortened_term_is_no_leak(tmp_path: Path) -> None:
    # `abzlatko`, then `ab` and `kovic`: no term is called `kovic`.
    index_with(tmp_path, "AabzlatkoCkovic")
    write(tmp_path, PAGE, "<p>abzlatko abkovic</p>")
    assert find_leaks(tmp_path, [removed("kovic")], jobs=1, read_index=read_texts) == []


def test_term_that_published_text_is_shortened_to_is_no_leak(tmp_path: Path) -> None:
    index_with(tmp_path, "Akati")
    write(tmp_path, PAGE, "<p>ask katy</p>")
    leaks = {"jobs": 1, "read_index": read_texts}
    assert find_leaks(tmp_path, [removed("kati")], **leaks, read_terms=Tokenizer().terms) == []
    assert find_leaks(tmp_path, [removed("kati")], **leaks, read_terms=str.split) != []


@pytest.mark.parametrize(
    "text",
    [
        "[EMAIL_1], /Users/[USERNAME_1]/app, postgres://app:[SECRET_1]@db.fjordwerk.no/x",
        "git@github.com:fjordwerk/atlas.git and someone@example.com",
        "/Users/runner/work, /home/node/app, /home/vscode, https://site.test/users/active",
        "postgres://user:password@localhost/db, https://fjordwerk.no/@scope/package@1.2.3",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, sk-your-key-here, AKIAIOSFODNN7EXAMPLE",
        "0123456789abcdef0123456789abcdef01234567 550e8400-e29b-41d4-a716-446655440000 1700000000000",
        "order 4556 7375 8689 9850 and DE00 3704 0044 0532 0130 00 have wrong check digits",
        "<code>@media</code> <code>@Override</code> foo@bar",
    ],
)
def test_nothing_is_found_in(tmp_path: Path, strong: StrongRecognizers, text: str) -> None:
    assert hits(write(tmp_path, PAGE, f"<p>{text}</p>"), strong) == []


def test_own_contact_address_may_stand_on_every_page(tmp_path: Path, strong: StrongRecognizers) -> None:
    for number in range(3):
        write(tmp_path, f"{number}/index.html", '<a href="mailto:atlas@fjordwerk.no">atlas@fjordwerk.no</a>')
    assert len(hits(tmp_path, strong)) == 3
    assert hits(tmp_path, strong, own_text="contact: atlas@fjordwerk.no") == []


def test_hit_names_file_kind_and_rule_and_never_the_value(tmp_path: Path, strong: StrongRecognizers) -> None:
    (hit,) = hits(write(tmp_path, PAGE, "<p>ida@fjordwerk.no</p>"), strong)
    assert str(hit) == f"{PAGE}: {CASE}: looks like EMAIL [email]"
    assert "fjordwerk" not in repr(hit)


def test_workers_find_the_same(tmp_path: Path, strong: StrongRecognizers, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(70):
        write(tmp_path, f"{number}/index.html", f"<p>page {number}: {GITHUB if number in {3, 66} else 'clean'}</p>")
    alone = hits(tmp_path, strong)
    monkeypatch.setattr(sweep, "WORTH_A_JOB", 1)
    together = find_strong_patterns(tmp_path, StrongRecognizers(ROOT / "data"), jobs=2, read_index=read_texts)
    assert [hit.file for hit in alone] == ["3/index.html", "66/index.html"]
    assert together == alone


def test_sample_site_is_clean(sample_site: Path, strong: StrongRecognizers) -> None:
    assert hits(sample_site, strong) == []


def test_build_with_a_secret_on_a_page_fails_and_does_not_print_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from building import write_corpus
    from factories import make_record

    from atlas_build.cli import main

    # The settings of a corpus are not scrubbed, so its title is a way in that the scrubber cannot close.
    corpus = write_corpus(tmp_path / "corpus", [make_record()], settings=f'title = "Atlas {GITHUB}"\n')
    monkeypatch.setattr("atlas_build.pipeline.own_wording", lambda *_: "")
    assert main(["build", str(corpus), "--out", str(tmp_path / "site"), "--no-cache", "--jobs", "1", "--quiet"]) == 1
    error = capsys.readouterr().err
    assert "looks like SECRET [github]" in error
    assert "`misalignment-atlas suppress`" in error
    assert GITHUB not in error
    assert not (tmp_path / "site").exists()
