"""Makes each page of the site: address and bytes, nothing written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from atlas_build.model.codebook import LABEL_AXES
from atlas_build.model.episode import Episode
from atlas_build.model.ledger import Tombstone
from atlas_build.model.placeholder import TITLES
from atlas_build.render.atlas import Atlas
from atlas_build.render.case_view import CaseContext, view_case
from atlas_build.render.citations import cite_paper
from atlas_build.render.cite_view import view_cite
from atlas_build.render.codebook_view import label_address, label_frame, view_codebook, view_label
from atlas_build.render.codes import Cells, label_href
from atlas_build.render.descriptors import SUMS, Collection, write_descriptors, write_sums
from atlas_build.render.explorer_view import view_explorer
from atlas_build.render.exports import Download
from atlas_build.render.former_pages import count_former_pages
from atlas_build.render.inclusion_view import SUPPRESSION_REASONS, view_inclusion
from atlas_build.render.lists import RowLists
from atlas_build.render.markdown import Prose
from atlas_build.render.metadata import describe_codebook, describe_corpus, describe_label
from atlas_build.render.page import make_page
from atlas_build.render.parquet import can_write_parquet
from atlas_build.render.practice_view import view_practice
from atlas_build.render.prompt_view import list_prompts, view_prompt
from atlas_build.render.release_view import ReleaseViews, list_releases, tombstone_history, write_notes
from atlas_build.render.skos import write_skos
from atlas_build.render.templates import make_environment, render_page


class PageMaker:
    """Makes the pages of which there are few; keeps what they share."""

    def __init__(self, atlas: Atlas, templates: Path, downloads: Sequence[Download] = ()) -> None:
        self.atlas = atlas
        self.environment = make_environment(templates, atlas.site)
        self.prose_files = Prose(templates / "prose")
        self.cells = Cells(atlas.codebook)
        self._downloads = downloads

    @cached_property
    def row_lists(self) -> RowLists:
        lengths = [len(self.atlas.cases), *(numbers.count for numbers in self.atlas.numbers.labels.values())]
        return RowLists(self.atlas.cases, self.cells, self.environment, lengths=lengths)

    @cached_property
    def small_downloads(self) -> tuple[Download, ...]:
        """The codebook for machines, and what describes all downloads."""
        atlas = self.atlas
        skos = write_skos(atlas.site, atlas.codebook)
        collection = Collection(atlas.site, atlas.cases, atlas.redactions, self.prose_files.source("data"))
        return (skos, *write_descriptors(collection, (*self._downloads, skos)))

    @property
    def downloads(self) -> tuple[Download, ...]:
        """Everything below `data/` but the sums."""
        return (*self._downloads, *self.small_downloads)

    def case(self, episode: Episode, context: CaseContext) -> tuple[str, bytes]:
        view = view_case(episode, context, self.atlas.site, self.atlas.codebook, self.cells)
        return view.page.file, render_page(self.environment, "case", view.page, view=view)

    def explorer(self) -> tuple[str, bytes]:
        atlas = self.atlas
        page = make_page(
            atlas.site, "", "explorer", atlas.site.title,
            f"{len(atlas.cases):,} annotated episodes in which a coding agent and its developer parted ways.",
            section="Explore",
        )  # fmt: skip
        head = describe_corpus(page, atlas.site, atlas.cases, self.downloads, has_feed=bool(atlas.chronicle.releases))
        page = replace(page, head=head)
        view = view_explorer(
            page,
            index=atlas.index,
            first=self.prose_files.page("first")[1],
            cases=atlas.cases,
            numbers=atlas.numbers,
            codebook=atlas.codebook,
            cells=self.cells,
        )
        return page.file, render_page(self.environment, "explorer", page, view=view)

    def lists(self) -> Iterator[tuple[str, bytes]]:
        for part in self.row_lists.pages(range(len(self.atlas.cases)), "list/{}/".format):
            words = f", page {part.number} of {part.pages}" if part.pages > 1 else ""
            page = make_page(
                self.atlas.site, f"list/{part.number}/", "list", f"All cases{words}",
                f"Every published case, newest first{words}.", section="Explore",
            )  # fmt: skip
            yield page.file, render_page(self.environment, "list", page, part=part)

    def codebook(self) -> tuple[str, bytes]:
        atlas = self.atlas
        page = make_page(
            atlas.site, "codebook/", "codebook", "Codebook",
            "Every label of the atlas with its definition and how often it occurs.", section="Codebook",
        )  # fmt: skip
        page = replace(page, head=describe_codebook(page, atlas.site, atlas.codebook))
        return page.file, render_page(
            self.environment,
            "codebook",
            page,
            axes=view_codebook(atlas.codebook, atlas.numbers.facets),
            total=atlas.numbers.facets.total,
        )

    def labels(self) -> Iterator[tuple[str, bytes]]:
        for name in LABEL_AXES:
            for label in self.atlas.codebook.axes[name].label:
                yield from self._label(name, label.code)

    def _label(self, axis: str, code: str) -> Iterator[tuple[str, bytes]]:
        atlas = self.atlas
        view = view_label(
            atlas.codebook.axes[axis],
            atlas.codebook.axes[axis].by_code[code],
            cells=self.cells,
            prose=self.prose_files,
            numbers=atlas.numbers,
            cases=atlas.cases,
        )
        places = atlas.numbers.facets.places[axis].get(code, ())
        for part in self.row_lists.pages(places, partial(label_address, view.href)):
            page = label_frame(atlas.site, view, part.number, part.pages)
            if part.number == 1:
                has_feed = axis == "form" and bool(atlas.chronicle.releases)
                page = replace(page, head=describe_label(page, atlas.site, view.axis, view.label, has_feed=has_feed))
            yield page.file, render_page(self.environment, "label", page, view=view, part=part)

    def former_pages(self) -> Iterator[tuple[str, bytes]]:
        """What stays at the addresses of list pages that only an earlier release had."""
        atlas = self.atlas
        for (axis, code), most in sorted(count_former_pages(atlas.chronicle.releases).items()):
            label = atlas.codebook.label(axis, code) if axis else None
            title = label.full_name if label else "All cases"
            address = partial(label_address, label_href(axis, label)) if label else "list/{}/".format
            cases = len(atlas.numbers.facets.places[axis].get(code, ())) if axis else len(atlas.cases)
            pages = self.row_lists.count_pages(cases)
            for number in range(pages + 1, most + 1):
                page = make_page(
                    atlas.site, address(number), "former", f"{title}, page {number}",
                    "The list has become shorter since this address was given out.", robots="noindex",
                )  # fmt: skip
                last = page.root + address(pages)
                yield page.file, render_page(self.environment, "former", page, heading=title, pages=pages, last=last)

    def inclusion(self) -> tuple[str, bytes]:
        return self._prose(
            "inclusion", "How many records were read, admitted and published, with a count for each reason.",
            view=view_inclusion(self.atlas.funnel, self.atlas.reasons),
        )  # fmt: skip

    def data(self) -> tuple[str, bytes]:
        return self._prose(
            "data", "Downloads of the published cases and their labels.",
            downloads=self.downloads, has_parquet=can_write_parquet(),
            has_feed=bool(self.atlas.site.base_url and self.atlas.chronicle.releases),
        )  # fmt: skip

    def small_files(self) -> Iterator[tuple[str, bytes]]:
        yield f"data/{SUMS}", write_sums(self.downloads)
        for download in self.small_downloads:
            yield download.path, download.data

    def method(self) -> tuple[str, bytes]:
        redactions = [
            (TITLES[kind], count)
            for kind, count in sorted(self.atlas.redactions.items(), key=lambda item: (-item[1], item[0]))
        ]
        intervals_heading, about_intervals = self.prose_files.page("intervals")
        examples_heading, about_examples = self.prose_files.page("examples")
        return self._prose(
            "method", "Where the episodes and labels come from, and how to read the numbers.",
            blanks={"prompts": list_prompts(self.atlas.prompts, self.prose_files)},
            redactions=redactions, total=len(self.atlas.cases),
            intervals_heading=intervals_heading, about_intervals=about_intervals,
            examples_heading=examples_heading, about_examples=about_examples,
        )  # fmt: skip

    def prompts(self) -> Iterator[tuple[str, bytes]]:
        """A page for each prompt, and the file itself beside it."""
        for place, prompt in enumerate(self.atlas.prompts):
            view = view_prompt(self.atlas.prompts, place)
            page = make_page(
                self.atlas.site, f"method/{view.name}/", "prompt", f"{view.title} · Method", view.summary,
                section="Method",
            )  # fmt: skip
            yield page.file, render_page(self.environment, "prompt", page, view=view)
            yield f"{page.path}prompt.md", prompt.file.data

    def about(self) -> tuple[str, bytes]:
        contact = self.atlas.site.contact or "the people who host this site"
        return self._prose(
            "about", "What the atlas is, for whom, and how to reach its keepers.",
            blanks={"contact": contact}, paper=cite_paper(),
        )  # fmt: skip

    def cite(self) -> tuple[str, bytes]:
        results_title, about_results = self.prose_files.page("cite-result")
        return self._prose(
            "cite",
            "How to cite the study, the atlas, one case, one quote or the result of a query, and what such links keep.",
            is_in_navigation=False, results_heading=results_title, about_results=about_results,
            view=view_cite(self.atlas.cases, self.atlas.numbers.facets, self.atlas.codebook, self.atlas.site),
        )  # fmt: skip

    def practice(self) -> tuple[str, bytes]:
        about_heading, about = self.prose_files.page("agreement")
        return self._prose(
            "practice",
            "Read a case with its labels hidden, code it with the codebook beside it, then compare with the study.",
            is_in_navigation=False, about_heading=about_heading, about=about,
            axes=view_practice(self.atlas.codebook, self.prose_files), index=self.atlas.index,
        )  # fmt: skip

    def _prose(
        self,
        name: str,
        description: str,
        *,
        blanks: Mapping[str, str] | None = None,
        is_in_navigation: bool = True,
        **values: object,
    ) -> tuple[str, bytes]:
        """A page that begins with prose: file, template, address and entry in the navigation have one name."""
        title, body = self.prose_files.page(name, **(blanks or {}))
        section = name.capitalize() if is_in_navigation else ""
        page = make_page(self.atlas.site, f"{name}/", "prose", title, description, section=section)
        return page.file, render_page(self.environment, name, page, heading=title, body=body, **values)

    def not_found(self) -> tuple[str, bytes]:
        """The one page that any address may show: its links start at the base URL's path."""
        site = self.atlas.site
        title, body = self.prose_files.page("notfound")
        page = make_page(
            site, "404.html", "prose", title, "There is no page at this address.", robots="noindex", root=site.base_path
        )
        return page.file, render_page(self.environment, "notfound", page, heading=title, body=body)

    def tombstone(self, tombstone: Tombstone) -> tuple[str, bytes]:
        page = make_page(
            self.atlas.site, f"c/{tombstone.id.lower()}/", "tombstone", f"Withdrawn case · {tombstone.id}",
            "This case is no longer published.", robots="noindex",
        )  # fmt: skip
        reason = SUPPRESSION_REASONS.get(tombstone.reason or "", "")
        history = tombstone_history(tombstone, self.atlas.chronicle.histories, self.atlas.site.releases)
        return page.file, render_page(
            self.environment, "tombstone", page, tombstone=tombstone, reason=reason, history=history,
            strip=self.cells.label_strip(tombstone.labels) if tombstone.labels else (),
        )  # fmt: skip

    def releases(self) -> Iterator[tuple[str, bytes]]:
        """The list of releases, then page and notes of each; nothing before there is one."""
        site, chronicle = self.atlas.site, self.atlas.chronicle
        if not chronicle.releases:
            return
        page = make_page(
            site, "releases/", "release", "Releases", "Every release of the atlas, and what changed in each.",
        )  # fmt: skip
        yield (
            page.file,
            render_page(
                self.environment, "releases", page, releases=list_releases(chronicle), pending=chronicle.pending
            ),
        )
        views = ReleaseViews(chronicle, self.atlas.cases, self.atlas.codebook, site)
        for place, comparison in enumerate(chronicle.comparisons):
            view = views.view(place, self.atlas.release_sizes[comparison.new])
            page = make_page(
                site, f"releases/{view.version}/", "release", f"Release {view.version}",
                f"What release {view.version} of the atlas added, revised and withdrew.",
            )  # fmt: skip
            yield page.file, render_page(self.environment, "release", page, view=view)
            yield f"releases/{view.version}/notes.md", write_notes(comparison, site.title, view.removed)
