"""A corpus folder: settings that are strict, paths that stay inside, and files that are found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from atlas_build.errors import InputError
from atlas_build.read.corpus_folder import CorpusSettings, known_settings, read_corpus_folder


def make_folder(folder: Path, settings: str | None = None, files: tuple[str, ...] = ("misalignments.json",)) -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("[]", encoding="utf-8")
    if settings is not None:
        (folder / "atlas.toml").write_text(settings, encoding="utf-8")
    return folder


def failure(folder: Path) -> str:
    with pytest.raises(InputError) as error:
        read_corpus_folder(folder)
    return error.value.diagnostics()


def test_a_folder_without_settings_is_fine(tmp_path: Path) -> None:
    corpus = read_corpus_folder(make_folder(tmp_path))
    assert corpus.settings == CorpusSettings()
    assert corpus.inputs == (tmp_path / "misalignments.json",)
    assert corpus.ledger == tmp_path / "ledger/ids.jsonl"
    assert corpus.suppressions == tmp_path / "suppressions.jsonl"
    assert corpus.releases == tmp_path / "releases"


def test_a_packed_corpus_is_found(tmp_path: Path) -> None:
    corpus = read_corpus_folder(make_folder(tmp_path, files=("misalignments.json.gz",)))
    assert corpus.inputs == (tmp_path / "misalignments.json.gz",)


def test_all_settings_are_read(tmp_path: Path) -> None:
    settings = """
    title = "An Invented Atlas"
    base_url = "https://atlas.example.org/corpus/"
    contact = "atlas@example.org"
    release = "2026.1"
    released = 2026-03-31
    license_note = "All records are under CC0."
    sample = true
    [paths]
    records = ["b.json", "data/*.json"]
    ledger = "ids.jsonl"
    releases = "out/releases"
    suppressions = "held.jsonl"
    """
    files = ("b.json", "data/2.json", "data/1.json", "data/3.txt")
    corpus = read_corpus_folder(make_folder(tmp_path, settings, files))
    assert corpus.settings.title == "An Invented Atlas"
    assert corpus.settings.base_url == "https://atlas.example.org/corpus/"
    assert corpus.settings.contact == "atlas@example.org"
    assert (corpus.settings.release, corpus.settings.released) == ("2026.1", date(2026, 3, 31))
    assert corpus.settings.license_note == "All records are under CC0."
    assert corpus.settings.sample is True
    assert corpus.inputs == (tmp_path / "b.json", tmp_path / "data/1.json", tmp_path / "data/2.json")
    assert corpus.ledger == tmp_path / "ids.jsonl"
    assert corpus.releases == tmp_path / "out/releases"
    assert corpus.suppressions == tmp_path / "held.jsonl"


def test_a_file_that_fits_twice_is_listed_once(tmp_path: Path) -> None:
    corpus = read_corpus_folder(make_folder(tmp_path, '[paths]\nrecords = ["*.json", "misalignments.json"]'))
    assert corpus.inputs == (tmp_path / "misalignments.json",)


def test_an_unknown_setting_is_an_error_that_lists_the_known_ones(tmp_path: Path) -> None:
    told = failure(make_folder(tmp_path, "samples = true\n[paths]\nrecord = []\n"))
    assert "samples is not a setting; did you mean sample?" in told
    assert "paths.record is not a setting; did you mean paths.records?" in told
    assert f"Known settings: {', '.join(known_settings())}." in told
    assert known_settings() == [
        "title",
        "base_url",
        "pid_base",
        "contact",
        "release",
        "released",
        "license_note",
        "sample",
        "paths.records",
        "paths.ledger",
        "paths.releases",
        "paths.suppressions",
        "prompts.name",
        "prompts.title",
        "prompts.summary",
        "prompts.file",
        "prompts.license",
        "prompts.source",
        "prompts.copyright",
    ]


PROMPT = 'name = "a"\ntitle = "A"\nsummary = "S"\nfile = "a.md"\nlicense = "MIT"\n'


def test_prompts_are_read_in_order_and_nothing_of_them_is_guessed(tmp_path: Path) -> None:
    second = PROMPT.replace('"a"', '"b-2"').replace('"A"', '"B"') + 'source = "https://example.org/b"\n'
    corpus = read_corpus_folder(make_folder(tmp_path, f"[[prompts]]\n{PROMPT}[[prompts]]\n{second}"))
    assert [(prompt.name, prompt.source) for prompt in corpus.settings.prompts] == [
        ("a", None), ("b-2", "https://example.org/b"),
    ]  # fmt: skip
    assert {prompt.copyright for prompt in corpus.settings.prompts} == {None}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('license = "MIT"\n', "", "prompts[1].license: the field is missing; add it"),
        ('license = "MIT"', 'license = " "', "prompts[1].license: "),
        ('name = "a"', 'name = "A"', "prompts[1].name: "),
        ('name = "a"', 'name = "a/../b"', "prompts[1].name: "),
        ('name = "a"', 'name = "a--b"', "prompts[1].name: "),
        ('name = "a"', f'name = "{"a" * 41}"', "prompts[1].name: the text has more than 40 characters"),
        ('summary = "S"', 'summary = "two\\nlines"', "prompts[1].summary: "),
        ('file = "a.md"', 'file = "../a.md"', "prompts[1].file: a path inside the corpus folder is expected"),
        ('file = "a.md"', 'file = "a.md"\nsource = "javascript:x"', "prompts[1].source: an address such as"),
        (
            'file = "a.md"',
            'file = "a.md"\nlicence = "MIT"',
            "prompts[1].licence is not a setting; did you mean prompts.license?",
        ),
        (PROMPT, f"{PROMPT}[[prompts]]\n{PROMPT}", "prompts: two prompts have the same name; give each its own"),
        (PROMPT, PROMPT + "[[prompts]]\n" + PROMPT.replace('"a"', '"b"'), "prompts: two prompts have the same title"),
    ],
)
def test_a_bad_setting_of_a_prompt_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    settings = f"[[prompts]]\n{PROMPT}"
    assert settings.count(old) == 1
    assert f"  - {told}" in failure(make_folder(tmp_path, settings.replace(old, new)))


@pytest.mark.parametrize("sign", ["\\u202E", "\\u0007", "\\u2028", "\\t", "\\u00AD", "\\U000E0041", "\\u0085"])
@pytest.mark.parametrize("field", ["title", "summary", "copyright", "license", "source"])
def test_no_setting_of_a_prompt_holds_a_character_that_cannot_be_seen(tmp_path: Path, field: str, sign: str) -> None:
    given = {"name": "a", "title": "A", "summary": "S", "file": "a.md", "license": "MIT"}
    given |= {field: f"https://example.org/a{sign}b"}
    settings = "[[prompts]]\n" + "".join(f'{key} = "{value}"\n' for key, value in given.items())
    told = failure(make_folder(tmp_path, settings))
    assert f"  - prompts[1].{field}: this has a character that cannot be seen" in told
    assert "example.org" not in told


def test_a_title_may_be_of_any_script(tmp_path: Path) -> None:
    for title in ("نمی\u200cخواهم", "👩\u200d💻 é e\u0301", "一 二"):
        assert read_corpus_folder(make_folder(tmp_path, f'title = "{title}"')).settings.title == title


@pytest.mark.parametrize(
    "line, setting",
    [
        ('title = ""', "title"),
        ('title = "two\\nlines"', "title"),
        ('title = "a\\u202Eb\\u0007"', "title"),
        ('contact = "a\\u202Eb@example.org"', "contact"),
        ("title = 3", "title"),
        ('base_url = "atlas.example.org"', "base_url"),
        ('base_url = "https://atlas.example.org/?a"', "base_url"),
        ('base_url = "http://[::1"', "base_url"),
        ('release = "two words"', "release"),
        ('release = "../x"', "release"),
        ('released = "soon"', "released"),
        ('sample = "perhaps"', "sample"),
        ("paths = 3", "paths"),
        ('paths.ledger = "/etc/ids.jsonl"', "paths.ledger"),
        ('paths.ledger = "../ids.jsonl"', "paths.ledger"),
        ('paths.releases = ""', "paths.releases"),
        ('paths.records = "a.json"', "paths.records"),
        ('paths.records = ["a.json", "x/../../b.json"]', "paths.records[2]"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, line: str, setting: str) -> None:
    assert f"  - {setting}: " in failure(make_folder(tmp_path, line))


@pytest.mark.parametrize(
    "settings, message",
    [
        ("sample = true\ntitle = x", "atlas.toml is not valid TOML, line 2."),
        ('sample = true\n\ntitle = "x', "atlas.toml is not valid TOML"),
        ('[paths]\nrecords = ["nowhere.json"]', "no file fits nowhere.json"),
        ('[paths]\nrecords = ["*.jsonl"]', "no file fits *.jsonl"),
    ],
)
def test_broken_settings_are_an_error(tmp_path: Path, settings: str, message: str) -> None:
    assert message in failure(make_folder(tmp_path, settings))


def test_settings_that_are_not_utf_8_are_an_error(tmp_path: Path) -> None:
    make_folder(tmp_path)
    (tmp_path / "atlas.toml").write_bytes(b'title = "\xff"')
    assert "atlas.toml is not UTF-8 text." in failure(tmp_path)


def test_a_folder_without_records_and_a_file_are_errors(tmp_path: Path) -> None:
    assert "holds no corpus: there is no misalignments.json" in failure(tmp_path)
    assert "is not a folder" in failure(tmp_path / "nowhere")


def test_the_bundled_sample_says_that_it_is_invented(root: Path) -> None:
    assert read_corpus_folder(root / "data/sample").settings.sample is True
