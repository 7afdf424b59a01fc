"""Pages of prompts: the text, what is known of it, the file itself, and the way there from the method page."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from building import BuiltSite, build, write_corpus
from factories import make_record

from atlas_build.cli import main
from atlas_build.config import plan_build
from atlas_build.read.corpus_folder import read_corpus_folder
from atlas_build.read.prompts import MAX_PROMPT
from atlas_build.render.markdown import Prose
from atlas_build.render.prompt_view import LARGEST_TEXT, list_prompts
from atlas_build.verify.limits import read_limits

BASE = "https://atlas.example.org/atlas/"
NAMES = ("extraction", "validation", "annotation")


@pytest.fixture(scope="module")
def sample(sample_site: Path) -> BuiltSite:
    return BuiltSite(sample_site)


def setting(name: str, **more: str) -> str:
    given = {"name": name, "title": f"Prompt {name}", "summary": f"For {name}.", "file": f"{name}.md", "license": "MIT"}
    return "\n[[prompts]]\n" + "".join(f'{key} = "{value}"\n' for key, value in (given | more).items())


def write_prompts(folder: Path, texts: dict[str, str], **more: str) -> Path:
    record = make_record(description="Zlatko Quaggason (zlatko@quackmail.net) asked for it.")
    corpus = write_corpus(folder, [record], settings="".join(setting(name, **more) for name in texts))
    for name, text in texts.items():
        (corpus / f"{name}.md").write_bytes(text.encode())
    return corpus


# The sample's own


def test_the_sample_shows_a_prompt_for_each_step(sample: BuiltSite) -> None:
    assert sample.pages_of("prompt") == sorted(f"method/{name}/index.html" for name in NAMES)
    steps = [sample.all_words(f"method/{name}/index.html", ".prompt-facts dd")[0] for name in NAMES]
    assert [step[:6] for step in steps] == ["1 of 3", "2 of 3", "3 of 3"]


def test_the_samples_prompts_say_that_they_are_not_the_studys(sample: BuiltSite) -> None:
    for name in NAMES:
        assert "not the study's prompt" in sample.words(f"method/{name}/index.html", ".page-head > p:last-child")
        assert "It is not the study's prompt" in sample.tree[f"method/{name}/prompt.md"].decode().replace("\n> ", " ")


def test_the_file_beside_a_page_is_that_of_the_corpus(sample: BuiltSite, root: Path) -> None:
    for prompt in read_corpus_folder(root / "data" / "sample").settings.prompts:
        page = f"method/{prompt.name}/index.html"
        assert sample.tree[f"method/{prompt.name}/prompt.md"] == (root / "data" / "sample" / prompt.file).read_bytes()
        (link,) = sample.page(page).css(".prompt-facts a[download]")
        assert link.attributes == {"href": "prompt.md", "download": f"{prompt.name}-prompt.md"}


def test_every_word_of_a_prompt_stands_on_its_page(sample: BuiltSite) -> None:
    for name in NAMES:
        page = f"method/{name}/index.html"
        notes = [node.attributes["data-info"] for node in sample.page(page).css(".document [data-info]")]
        shown = " ".join([sample.words(page, ".document"), *notes])
        assert count_names(shown) == count_names(sample.tree[f"method/{name}/prompt.md"].decode())


def count_names(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d]\w*", text))


def test_the_method_page_leads_to_the_prompts_in_the_order_of_the_steps(sample: BuiltSite) -> None:
    links = [href for href in sample.hrefs("method/index.html", "main a") if href.rstrip("/") in NAMES]
    assert links == ["extraction/", "validation/", "annotation/"]
    assert "coding-agent-misalignment" not in sample.words("method/index.html", "main")


def test_prompts_lead_to_each_other_and_back(sample: BuiltSite) -> None:
    ways = [
        [
            (link.attributes["rel"], link.attributes["href"])
            for link in sample.page(f"method/{name}/index.html").css(".turn-page a")
        ]
        for name in NAMES
    ]
    assert ways == [
        [("next", "../../method/validation/")],
        [("prev", "../../method/extraction/"), ("next", "../../method/annotation/")],
        [("prev", "../../method/validation/")],
    ]
    assert sample.hrefs("method/annotation/index.html", ".crumb a") == ["../../method/"]


def test_the_contents_lead_to_every_part(sample: BuiltSite) -> None:
    page = sample.page("method/annotation/index.html")
    parts = [f"#{node.id}" for node in page.css(".document h3")]
    assert len(parts) == 6
    assert sample.hrefs("method/annotation/index.html", ".contents a") == parts
    assert sample.words("method/annotation/index.html", ".document h2") == "Annotation: place one episode on four axes"


# Other corpora


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("prompts")
    texts = {"only-one": "\ufeff<b>\r\ntwo words\r\n"}
    more = {
        "title": "A *title* [x](y)", "summary": "With `marks` & <b>.", "license": "GPL-3.0-only OR Apache-2.0",
        "source": "https://example.org/p/", "copyright": "Copyright (c) 2026 Nobody",
    }  # fmt: skip
    return build(write_prompts(folder / "corpus", texts, **more), folder / "site", "--base-url", BASE)


def test_a_page_says_what_is_known_of_a_prompt(other: BuiltSite) -> None:
    facts = other.page("method/only-one/index.html").css(".prompt-facts > div")
    found = {node.css_first("dt").text(): " ".join(node.css_first("dd").text().split()) for node in facts}
    assert found == {
        "Length": "3 words",
        "File": "only-one-prompt.md, 19 bytes of Markdown",
        "License": "Apache-2.0, admitted by rule allow:Apache-2.0",
        "Notice": "Copyright (c) 2026 Nobody",
        "Source": "https://example.org/p/",
    }
    assert other.tree["method/only-one/prompt.md"] == "\ufeff<b>\r\ntwo words\r\n".encode()
    assert other.page("method/only-one/index.html").css(".contents, .turn-page") == []


def test_titles_and_summaries_are_text_everywhere(other: BuiltSite) -> None:
    assert other.words("method/only-one/index.html", "title") == "A *title* [x](y) · Method · Misalignment Atlas"
    assert other.words("method/only-one/index.html", "h1") == "A *title* [x](y)"
    items = [text for text in other.all_words("method/index.html", "main li") if "title" in text]
    assert items == ["A *title* [x](y): With `marks` & <b>."]


def test_search_engines_may_find_prompts(other: BuiltSite) -> None:
    assert f"<loc>{BASE}method/only-one/</loc>" in other.tree["sitemap.xml"].decode()
    page = other.page("method/only-one/index.html")
    assert page.css_first('link[rel="canonical"]').attributes["href"] == f"{BASE}method/only-one/"
    assert page.css_first('meta[name="description"]').attributes["content"] == "With `marks` & <b>."


def test_the_largest_prompts_pass_the_checks_of_the_site(tmp_path: Path) -> None:
    """Kinds of text that need the most room, and one that cannot be compressed."""
    noise = "".join(sha256(str(number).encode()).hexdigest() + "\n" for number in range(MAX_PROMPT))
    lines = {
        "table": "|a|b|\n|-|-|\n" + "|a|b|\n" * MAX_PROMPT,
        "tags": "<a>\n" * MAX_PROMPT,
        "headings": "# A part\n" * 6_000 + "prose " * MAX_PROMPT,
        "noise": re.sub("(?m)^", "# ", noise),
    }
    texts = {name: text[:MAX_PROMPT] for name, text in lines.items()}
    site = build(write_prompts(tmp_path / "corpus", texts), tmp_path / "site")
    assert sorted(site.pages_of("prompt")) == [f"method/{name}/index.html" for name in sorted(texts)]


def test_the_frame_of_a_page_fits_between_the_largest_text_and_the_limit(sample: BuiltSite, root: Path) -> None:
    limit = read_limits(root / "data" / "policy" / "limits.toml").page["prompt"].raw
    page = sample.tree["method/annotation/index.html"].decode()
    start, end = page.index('<article class="prose document"'), page.index("</article>")
    assert len(page) - (end - start) + LARGEST_TEXT < limit


def test_plain_files_have_no_prompts(tmp_path: Path) -> None:
    corpus = write_prompts(tmp_path / "corpus", {"one": "A prompt."})
    config, _ = plan_build([str(corpus / "misalignments.json")], out=tmp_path / "site", data=None)
    assert (config.folder, config.settings.prompts) == (None, ())


def test_without_prompts_the_method_page_says_where_the_studys_are(root: Path) -> None:
    told = list_prompts((), Prose(root / "templates" / "prose"))
    assert "(https://github.com/ND-SaNDwichLAB/coding-agent-misalignment)" in told
    assert "{" not in told


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("Write to zlatko@quackmail.net.", {}, "something that was scrubbed is still in the finished site"),
        ("# A", {"license": "AGPL-3.0-only"}, "prompts[1] (one) cannot be published [not-permissive]"),
        ("# A", {"file": "two.md"}, "two.md cannot be read"),
        ("# A\n" * 20_000, {}, "the prompt one would have more than 900,000 bytes as a page"),
    ],
    ids=["removed value", "license", "no file", "too large a page"],
)
def test_a_prompt_that_must_not_be_shown_stops_the_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, more: dict[str, str], told: str
) -> None:
    corpus = write_prompts(tmp_path / "corpus", {"one": text}, **more)
    assert main(["build", str(corpus), "--out", str(tmp_path / "site"), "--quiet", "--jobs", "1"]) == 1
    message = capsys.readouterr().err
    assert told in message
    assert "quackmail" not in message
    assert not (tmp_path / "site").exists()
