"""A prompt: what a language model was told in one step of making the corpus, as a file of Markdown.

A `PromptFile` was only read. A `Prompt` also has a license that admits its publication; only admission makes one.
"""

from __future__ import annotations

from dataclasses import dataclass

from atlas_build.model.episode import LicenseGrant


@dataclass(frozen=True)
class PromptFile:
    """
    Attributes:
        name: a part of its address.
        summary: one line: what the prompt is for.
        license_raw: the license as the settings give it.
        data: the file's bytes, UTF-8.
        source: web address of where the file was taken from, or None.
        copyright: the line that its license asks to keep, or None.
    """

    name: str
    title: str
    summary: str
    license_raw: str
    data: bytes
    source: str | None = None
    copyright: str | None = None

    @property
    def text(self) -> str:
        return self.data.decode("utf-8-sig")


@dataclass(frozen=True)
class Prompt:
    file: PromptFile
    license: LicenseGrant
