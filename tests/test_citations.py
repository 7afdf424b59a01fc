r"""Citations are read back by the tools that authors use, and what they print is what the page says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import bibtexparser
import jsonschema
import pytest
import rispy
from citeproc import Citation as CslCitation
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas_build.render.citations import (
    PAPER,
    Citation,
    cite_case,
    cite_paper,
    cite_quote,
    part_of,
    refer_to_atlas,
    refer_to_case,
    refer_to_result,
)
from atlas_build.render.references import Reference, write_bibtex, write_csl, write_ris, write_text
from atlas_build.render.tex import escape_tex, is_settable

HOSTILE = r"100% of $x & #1_a {b ~c^d\e <f|g> \"h\" `i` ''j'' --force @misc{k, \end{document} %"
UNICODE = "Zoë’s naïve “façade”… 5 × 3 ≥ 2 – Łódź, ĵ, ß; 中文标题 и ещё 🎉🎉 ok"

# The fields of https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json that we use.
CSL_SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id", "title", "author"],
        "additionalProperties": False,
        "properties": {
            "type": {"enum": ["dataset", "article"]},
            **{
                name: {"type": "string", "minLength": 1}
                for name in ("id", "title", "publisher", "number", "version", "note", "URL", "DOI")
            },
            "issued": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "maxItems": 2,
                        "minItems": 1,
                        "items": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": 3,
                            "items": {"type": ["string", "number"]},
                        },
                    }
                },
            },
            "author": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {name: {"type": "string"} for name in ("family", "given", "literal")},
                },
            },
        },
    },
}


def make_reference(name: str = "Renamed Table", **given: Any) -> Reference:
    settings = {
        "atlas": "Misalignment Atlas",
        "url": "https://atlas.example.org/c/ama-7k2d-9qxp/",
        "release": "2026.11.0",
        "released": date(2026, 11, 20),
    }
    return refer_to_case("AMA-7k2d-9qxp", name, **{**settings, **given})


def read_bibtex(text: str) -> tuple[str, str, dict[str, str]]:
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    [entry] = library.entries
    return entry.entry_type, entry.key, {field.key: field.value for field in entry.fields}


def contents(citation: Citation) -> dict[str, str]:
    return {form.name: form.content for form in citation.formats}


def test_a_case_is_cited_in_words() -> None:
    assert write_text(make_reference()) == (
        "Misalignment Atlas (2026). “Renamed Table”. Case AMA-7k2d-9qxp, release 2026.11.0. "
        "https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0"
    )


def test_without_base_url_and_release_the_id_stands_for_the_case() -> None:
    bare = make_reference(url=None, release=None, released=None)
    assert write_text(bare) == "Misalignment Atlas. “Renamed Table”. Case AMA-7k2d-9qxp."
    assert "http" not in json.dumps(contents(cite_case(bare)))


def test_a_quote_is_cited_by_its_number() -> None:
    assert cite_quote(make_reference(), 2) == (
        "Misalignment Atlas (2026). “Renamed Table”. Case AMA-7k2d-9qxp, quote 2, release 2026.11.0. "
        "https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0#q2"
    )


def test_a_release_name_is_quoted_in_addresses() -> None:
    assert make_reference(release="2026.11.0+fix").url.endswith("/?r=2026.11.0%2Bfix")


def test_a_case_without_a_name_still_has_a_title() -> None:
    assert make_reference(" \n ").title == "Untitled case"


def test_bibtexparser_reads_a_case() -> None:
    kind, key, fields = read_bibtex(write_bibtex(make_reference()))
    assert (kind, key) == ("misc", "ama_7k2d_9qxp")
    assert fields == {
        "author": "{Misalignment Atlas}",
        "title": "{Renamed Table}",
        "year": "2026",
        "howpublished": "Misalignment Atlas, case AMA-7k2d-9qxp",
        "version": "2026.11.0",
        "url": "https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0",
        "note": "Release 2026.11.0",
    }


def test_bibtexparser_reads_the_study_with_all_its_authors() -> None:
    kind, key, fields = read_bibtex(cite_paper().bibtex)
    assert (kind, key) == ("misc", "tang2026coding")
    assert fields["author"] == (
        "Tang, Ningzhi and Chen, Chaoran and Xu, Gelei and Shi, Yiyu and Huang, Yu and McMillan, Collin and Dong, Tao "
        "and Li, Toby Jia-Jun"
    )
    assert fields["title"] == (
        "{How Coding Agents Fail Their Users: A Large-Scale Analysis of Developer-Agent Misalignment in 20,574 "
        "Real-World Sessions}"
    )
    assert (fields["year"], fields["eprint"], fields["doi"]) == ("2026", "2605.29442", "10.48550/arXiv.2605.29442")


@pytest.mark.parametrize("title", [HOSTILE, UNICODE, "}}}", "{{{", "@misc{x,", "\\", "%", '"', "a\n@article{b}\nc"])
def test_no_title_breaks_out_of_its_bibtex_entry(title: str) -> None:
    text = write_bibtex(make_reference(title))
    assert text.isascii()
    kind, key, fields = read_bibtex(text)
    assert (kind, key) == ("misc", "ama_7k2d_9qxp")
    assert fields["title"] == "{" + escape_tex(make_reference(title).title) + "}"
    assert text.count("{") == text.count("}")


def test_what_tex_cannot_set_is_marked_and_the_note_says_so() -> None:
    assert escape_tex("a 中文标题 и ещё 🎉🎉 b") == "a [...] b"
    _, _, fields = read_bibtex(write_bibtex(make_reference("Fix 标题")))
    assert fields["title"] == "{Fix [...]}"
    assert fields["note"] == "Release 2026.11.0; [...] stands for characters that TeX cannot set here"


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("Łódź", r"\L{}\'{o}d\'{z}"),
        ("naïve", r"na\"{\i}ve"),
        ("--force", "-{}-force"),
        ("a–b", "a--b"),
        ("“q”", "``q''"),
        ("x_y", r"x\_y"),
        ("50%", r"50\%"),
        ("a → b", r"a $\rightarrow$ b"),
        ("`x`", r"{\`{}}x{\`{}}"),
    ],
)
def test_signs_and_accents_become_commands(text: str, tex: str) -> None:
    assert escape_tex(text) == tex
    assert is_settable(text)


def test_rispy_reads_a_case() -> None:
    text = write_ris(make_reference())
    assert text.startswith("TY  - DATA\n")
    assert text.endswith("ER  - \n")
    [entry] = rispy.loads(text)
    assert entry["type_of_reference"] == "DATA"
    assert entry["title"] == "Renamed Table"
    assert entry["authors"] == ["Misalignment Atlas"]
    assert (entry["year"], entry["date"]) == ("2026", "2026/11/20")
    assert entry["id"] == "ama_7k2d_9qxp"
    assert entry["urls"] == ["https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0"]


def test_rispy_reads_the_study() -> None:
    [entry] = rispy.loads(write_ris(PAPER))
    assert entry["authors"][-1] == "Li, Toby Jia-Jun"
    assert len(entry["authors"]) == 8
    assert entry["doi"] == "10.48550/arXiv.2605.29442"


def test_a_title_cannot_add_lines_to_a_ris_record() -> None:
    [entry] = rispy.loads(write_ris(make_reference("One\r\nER  - \r\nTY  - JOUR\nTI  - Two")))
    assert entry["title"] == "One ER - TY - JOUR TI - Two"


@given(st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_title_can_be_read_back(title: str) -> None:
    reference = make_reference(title)
    bibtex = write_bibtex(reference)
    assert bibtex.isascii()
    assert bibtex.count("{") == bibtex.count("}")
    assert read_bibtex(bibtex)[1] == "ama_7k2d_9qxp"
    assert write_ris(reference).splitlines()[-1] == "ER  - "
    assert len(rispy.loads(write_ris(reference))) == 1
    assert json.loads(write_csl(reference))[0]["title"] == reference.title


def test_ris_files_end_their_lines_with_crlf() -> None:
    assert {form.name: form.newline for form in cite_case(make_reference()).formats} == {
        "BibTeX": "\n", "RIS": "\r\n", "CSL-JSON": "\n", "LaTeX": "\n",
    }  # fmt: skip


@pytest.mark.parametrize(
    "reference",
    [PAPER, make_reference(), make_reference(HOSTILE, url=None, released=None), part_of(make_reference(), 2)],
)
def test_csl_items_keep_to_the_input_schema(reference: Reference) -> None:
    items = json.loads(write_csl(reference))
    jsonschema.validate(items, CSL_SCHEMA)
    assert items[0]["title"] == reference.title


def test_citeproc_sets_case_and_study() -> None:
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    items = [*json.loads(write_csl(make_reference())), *json.loads(write_csl(PAPER))]
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(CslCitation([CitationItem(item["id"])]))
    assert sorted(str(entry) for entry in bibliography.bibliography()) == [
        "Misalignment Atlas (2026) “Renamed Table”. Misalignment Atlas. "
        "Available at: https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0.",
        "Tang, N. et al. (2026) “How Coding Agents Fail Their Users: A Large-Scale Analysis of Developer-Agent "
        "Misalignment in 20,574 Real-World Sessions”. arXiv. "
        "Available at: https://doi.org/10.48550/arXiv.2605.29442.",
    ]


def make_result(words: str = "Self-Initiated Overreach, with ‘undo’", **given: Any) -> Reference:
    settled = {
        "query": "q=undo&form=S4&agent=A%2C+B%7D", "atlas": "Misalignment Atlas", "url": "https://atlas.example.org/",
        "release": "2026.11.0", "released": date(2026, 11, 20),
    }  # fmt: skip
    return refer_to_result(words, ["AMA-7k2d-9qxp", "AMA-0000-0000"], 9481, **{**settled, **given})


RESULT_URL = "https://atlas.example.org/?q=undo&form=S4&agent=A%2C+B%7D&r=2026.11.0:2:96b36fc4593485ce"


def test_a_result_is_cited_with_count_base_fingerprint_and_release() -> None:
    assert write_text(make_result()) == (
        "Misalignment Atlas (2026). “Self-Initiated Overreach, with ‘undo’”. 2 of 9,481 cases, "
        f"fingerprint 96b36fc4593485ce, release 2026.11.0 of 20 Nov 2026. {RESULT_URL}"
    )
    assert write_text(make_result(release=None, released=None, url=None, query="")) == (
        "Misalignment Atlas. “Self-Initiated Overreach, with ‘undo’”. 2 of 9,481 cases, "
        "fingerprint 96b36fc4593485ce, not yet released."
    )
    every = make_result(query="", release=None, released=None)
    assert every.url == "https://atlas.example.org/?r=unreleased:2:96b36fc4593485ce"


def test_two_questions_that_list_the_same_have_two_keys_wherever_the_site_is() -> None:
    keys = {
        make_result(query=query, url=url).key
        for query in ("form=S4", "form=S5", "")
        for url in ("https://a.example/", None)
    }
    assert len(keys) == 3
    assert {key[:21] for key in keys} == {"atlas_result_96b36fc4"}


def test_readers_get_share_and_fingerprint_of_a_result() -> None:
    kind, key, fields = read_bibtex(write_bibtex(make_result(HOSTILE)))
    assert (kind, key) == ("misc", "atlas_result_96b36fc4_711845")
    assert fields["howpublished"] == "Misalignment Atlas, 2 of 9,481 cases"
    assert fields["note"] == "Fingerprint 96b36fc4593485ce; release 2026.11.0"
    assert fields["url"] == RESULT_URL
    (record,) = rispy.loads(write_ris(make_result()))
    assert record["notes"] == ["2 of 9,481 cases, fingerprint 96b36fc4593485ce, release 2026.11.0"]
    for reference in (make_result(), make_result(release=None, released=None)):
        jsonschema.validate(json.loads(write_csl(reference)), CSL_SCHEMA)


def test_the_whole_atlas_is_cited_as_a_collection() -> None:
    atlas = refer_to_atlas(
        9481,
        atlas="Misalignment Atlas",
        url="https://atlas.example.org/",
        release="2026.11.0",
        released=date(2026, 11, 20),
    )
    assert write_text(atlas) == (
        "Misalignment Atlas contributors (2026). “Misalignment Atlas”. 9,481 cases, release 2026.11.0 of 20 Nov 2026. "
        "https://atlas.example.org/?r=2026.11.0"
    )
    assert read_bibtex(write_bibtex(atlas))[1] == "misalignment_atlas"
    jsonschema.validate(json.loads(write_csl(atlas)), CSL_SCHEMA)


def test_a_case_has_a_latex_snippet_with_link_and_footnote() -> None:
    assert contents(cite_case(make_reference("50% done")))["LaTeX"] == (
        "% \\usepackage{hyperref}\n"
        r"\href{https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0}{AMA-7k2d-9qxp}"
        r"\footnote{Misalignment Atlas, case AMA-7k2d-9qxp, release 2026.11.0: ``50\% done'', "
        r"\url{https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0}.}"
    )


EVERY_SIGN = [
    chr(point)
    for point in (*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x1E00, 0x1F00), *range(0x2000, 0x2300))
    if is_settable(chr(point))
]


def test_common_signs_and_latin_letters_are_kept() -> None:
    assert len(EVERY_SIGN) > 350
    assert {"é", "ñ", "ø", "ß", "Å", "ć", "ő", "€", "«", "→"} - set(EVERY_SIGN) == {"€"}


def run_tex(folder: Path, *command: str) -> str:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    assert run.returncode == 0, run.stdout[-3000:]
    return run.stdout


def test_hostile_titles_compile_in_pdflatex(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None or shutil.which("bibtex") is None:
        pytest.skip("needs pdflatex and bibtex: install texlive-latex-base")
    address = "https://atlas.example.org/sub_dir/~x/50%25/c/ama-7k2d-9qxp/"
    references = [make_reference(title, url=address) for title in (HOSTILE, UNICODE, "}{", "Zoë \\end{document}")]
    references = [part_of(reference, number) for number, reference in enumerate(references, 1)]
    references.append(make_result(HOSTILE))
    (tmp_path / "refs.bib").write_text("\n".join(map(write_bibtex, [PAPER, *references])), encoding="ascii")
    snippets = "\n\n".join(contents(cite_case(reference))["LaTeX"] for reference in references)
    snippets += "\n\n" + "\n".join(f"{escape_tex(f'a{char}b {char}')}." for char in EVERY_SIGN)
    (tmp_path / "paper.tex").write_text(
        "\\pdfcompresslevel=0\\pdfobjcompresslevel=0\n"
        "\\documentclass{article}\\usepackage{hyperref}\\begin{document}\n"
        f"{snippets}\n\\nocite{{*}}\\bibliographystyle{{plain}}\\bibliography{{refs}}\\end{{document}}\n",
        encoding="ascii",
    )
    latex = ("pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "paper")
    run_tex(tmp_path, *latex)
    assert "Warning" not in run_tex(tmp_path, "bibtex", "paper")
    run_tex(tmp_path, *latex)
    log = run_tex(tmp_path, *latex)
    assert re.findall(r"Missing character|undefined", log) == []
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "paper.bbl").read_text(encoding="ascii").count("\\bibitem") == 6
    pdf = (tmp_path / "paper.pdf").read_bytes()
    found = set(re.findall(rb"/URI ?\(([^)]*)\)", pdf))
    assert found == {RESULT_URL.encode(), *(f"{address}?r=2026.11.0#q{number}".encode() for number in (1, 2, 3, 4))}
