"""The prompts of the pipeline: a page each, and their list in the text of the method page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from atlas_build.errors import InputError
from atlas_build.model.prompt import Prompt
from atlas_build.render.case_view import license_href
from atlas_build.render.documents import Document, Heading, count_words, list_contents, render_document
from atlas_build.render.markdown import Prose, escape_markdown

STEPS = {
    "extraction": "1 of 3: propose candidates from whole sessions",
    "validation": "2 of 3: keep what the quotes support",
    "annotation": "3 of 3: give each episode its labels",
}
"""The study's steps (templates/prose/method.md), by the names that prompts of these have."""
CONTENTS_FROM = 5
"""Headings from which a list of contents helps."""
CONTENTS_LEVELS = 2
LARGEST_TEXT = 900_000
"""Bytes of HTML that text and contents may have; with the page's frame they stay below the limit for prompts in
`data/policy/limits.toml`."""


@dataclass(frozen=True, slots=True)
class PromptLink:
    """A prompt as the page of another one names it."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class PromptPage:
    """
    Attributes:
        step: of the study's pipeline, or "" for a prompt of another kind.
        file_name: what a downloaded copy is called.
        contents: headings for a list of contents, with levels from 1, or none.
    """

    name: str
    title: str
    summary: str
    step: str
    words: int
    size: int
    license_name: str
    license_href: str
    license_rule: str
    copyright: str | None
    source: str | None
    file_name: str
    document: Document
    contents: tuple[Heading, ...]
    previous: PromptLink | None
    following: PromptLink | None


def view_prompt(prompts: Sequence[Prompt], place: int) -> PromptPage:
    """
    Raises:
        InputError: the prompt cannot be shown whole, or not on a page of bearable size.
    """
    prompt = prompts[place]
    file, license_name = prompt.file, prompt.license.spdx
    document = render_document(file.text, name=f"the prompt {file.name}")
    contents = list_contents(document.headings, least=CONTENTS_FROM, levels=CONTENTS_LEVELS)
    _check_size(file.name, document, contents)
    return PromptPage(
        name=file.name,
        title=file.title,
        summary=file.summary,
        step=STEPS.get(file.name, ""),
        words=count_words(file.text),
        size=len(file.data),
        license_name=license_name,
        license_href=license_href(license_name),
        license_rule=prompt.license.rule,
        copyright=file.copyright,
        source=file.source,
        file_name=f"{file.name}-prompt.md",
        document=document,
        contents=contents,
        previous=_link(prompts, place - 1),
        following=_link(prompts, place + 1),
    )


def _check_size(name: str, document: Document, contents: Sequence[Heading]) -> None:
    """No text for people comes near: tags on every line make seven times their bytes, quotes in quotes thirty."""
    entries = sum(len(escape(heading.text).encode()) + len(heading.anchor.encode()) + 50 for heading in contents)
    if len(document.body.encode()) + entries > LARGEST_TEXT:
        raise InputError(
            f"the prompt {name} would have more than {LARGEST_TEXT:,} bytes as a page",
            hint="make two prompts of it; headings, tables, quotes in each other and tags take the most room",
        )


def _link(prompts: Sequence[Prompt], place: int) -> PromptLink | None:
    return PromptLink(prompts[place].file.name, prompts[place].file.title) if 0 <= place < len(prompts) else None


def list_prompts(prompts: Sequence[Prompt], prose: Prose) -> str:
    """What the method page says of them, as Markdown."""
    if not prompts:
        return prose.source("prompts-elsewhere").strip()
    lines = (
        f"- [{escape_markdown(prompt.file.title)}]({prompt.file.name}/): {escape_markdown(prompt.file.summary)}"
        for prompt in prompts
    )
    return prose.source("prompts").strip().replace("{list}", "\n".join(lines))
