"""The command line of releases: `release`, `diff`, `suppress`, `forget`. One function a command, as in `cli`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from atlas_build.errors import UsageError
from atlas_build.model.codebook import Source
from atlas_build.model.identity import parse_case_id
from atlas_build.model.ledger import Reason, Suppression

if TYPE_CHECKING:
    from atlas_build.config import BuildConfig
    from atlas_build.read.corpus_folder import CorpusFolder

DONE, FAILED = 0, 1

Commands = argparse._SubParsersAction  # argparse's own name for what add_subparsers returns


def add_release_commands(commands: Commands[argparse.ArgumentParser], add_data: Callable[..., None]) -> None:
    """`add_data` adds the option --data, which other commands have too."""
    _add_release(commands, add_data)
    _add_diff(commands, add_data)
    _add_suppress(commands)
    _add_forget(commands, add_data)


def _add_release(commands: Commands[argparse.ArgumentParser], add_data: Callable[..., None]) -> None:
    parser = commands.add_parser(
        "release",
        help="build the site as a release and record it",
        description="Build, append to the ledger and write releases/<version>.json: all three, or nothing.",
    )
    parser.add_argument("corpus", metavar="CORPUS", type=Path, help="a corpus folder")
    parser.add_argument("--version", metavar="YYYY.MM.N", required=True, help="name of the release, such as 2026.11.0")
    parser.add_argument("--date", metavar="DATE", type=_day, required=True, help="its date, such as 2026-11-20")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("site"), help="the site's folder (default: site)"
    )
    parser.add_argument(
        "--allow-withdrawals", metavar="N", type=_count, help="let up to N cases go (default: a tenth of them)"
    )
    parser.add_argument(
        "--successor", metavar="OLD=NEW", type=_pair, action="append", default=[], help="NEW continues withdrawn OLD"
    )
    add_data(parser)
    parser.add_argument("--base-url", metavar="URL", help="where the site will be hosted; turns on canonical addresses")
    parser.add_argument("--jobs", metavar="N", type=_positive, help="worker processes (default: one a core)")
    parser.add_argument("--strict", action="store_true", help="fail if a record was set aside")
    parser.add_argument("--quiet", action="store_true", help="no progress, no summary; errors only")
    parser.set_defaults(command=release, publishes=True)


def _add_diff(commands: Commands[argparse.ArgumentParser], add_data: Callable[..., None]) -> None:
    parser = commands.add_parser(
        "diff",
        help="compare two releases, sites or inputs",
        description="What was added, revised, withdrawn and returned, label by label.",
    )
    for name in ("old", "new"):
        parser.add_argument(
            name, metavar=name.upper(), type=Path, help="a release file, a site, a corpus folder or a records file"
        )
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    add_data(parser)
    parser.add_argument("--jobs", metavar="N", type=_positive, help="worker processes (default: one a core)")
    parser.set_defaults(command=diff)


def _add_suppress(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "suppress",
        help="hold back a case, a session or a repository for ever",
        description="Append a line to suppressions.jsonl. The next build leaves a tombstone.",
    )
    parser.add_argument("corpus", metavar="CORPUS", type=Path, help="a corpus folder")
    parser.add_argument("id", metavar="ID", nargs="?", type=_case_id, help="a case id")
    parser.add_argument(
        "--source",
        choices=[source.value for source in Source],
        help="collection of the repository (default: the one in which the ledger knows it)",
    )
    parser.add_argument("--repository", metavar="N", type=_repository, help="number of the repository in the source")
    parser.add_argument("--session", metavar="S", type=_session, help="one session (default: all of the repository's)")
    parser.add_argument("--reason", choices=[reason.value for reason in Reason], required=True, help="reason code")
    parser.add_argument("--date", metavar="DATE", type=_day, help="when it was asked for (default: today)")
    parser.set_defaults(command=suppress)


def _add_forget(commands: Commands[argparse.ArgumentParser], add_data: Callable[..., None]) -> None:
    parser = commands.add_parser(
        "forget",
        help="prove that nothing of a removed case is left",
        description="Search sites and release files for the words of a removed case. Exit 1 when something is found.",
    )
    parser.add_argument("id", metavar="ID", type=_case_id, help="the id of the removed case")
    parser.add_argument("--site", metavar="DIR", type=Path, nargs="+", required=True, help="sites to search")
    parser.add_argument(
        "--corpus", metavar="CORPUS", type=Path, default=Path(), help="its corpus folder (default: this folder)"
    )
    add_data(parser)
    parser.set_defaults(command=forget)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a date such as 2026-11-20") from None


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a whole number from 0 on")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on")
    return int(text)


def _case_id(text: str) -> str:
    found = parse_case_id(text)
    if found is None:
        raise argparse.ArgumentTypeError("no case id, or one of its characters is wrong")
    return found


def _repository(text: str) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError("a number, as on the case's page")
    return text


def _session(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", text):
        raise argparse.ArgumentTypeError("a session such as session_002, as on the case's page")
    return text


def _pair(text: str) -> tuple[str, str]:
    old, _, new = text.partition("=")
    return _case_id(old), _case_id(new)


def _configure(path: Path, arguments: argparse.Namespace, *, out: Path = Path("site")) -> BuildConfig:
    """The configuration of a corpus folder or a records file."""
    from atlas_build.config import plan_build
    from atlas_build.scrub.cache import DEFAULT_CACHE

    config, _ = plan_build(
        [str(path)],
        out=out,
        data=arguments.data,
        jobs=arguments.jobs,
        strict=getattr(arguments, "strict", False),
        base_url=getattr(arguments, "base_url", None),
        cache=DEFAULT_CACHE,
    )
    return config


def _read_folder(path: Path) -> CorpusFolder:
    from atlas_build.read.corpus_folder import read_corpus_folder

    return read_corpus_folder(path)


def release(arguments: argparse.Namespace) -> int:
    from atlas_build.edition import ReleaseOrder
    from atlas_build.releasing import release as run
    from atlas_build.terminal import TerminalReport, describe_findings, summarize

    folder = _read_folder(arguments.corpus)
    config = _configure(arguments.corpus, arguments, out=arguments.out)
    order = ReleaseOrder(
        corpus=folder.folder,
        version=arguments.version,
        date=arguments.date,
        allow_withdrawals=arguments.allow_withdrawals,
        successors=dict(arguments.successor),
    )
    with TerminalReport(sys.stderr, quiet=arguments.quiet) as report:
        run(config, order, report)
        report.ended()
    if not arguments.quiet:
        for line in describe_findings(report):
            print(line, file=sys.stderr)
        for line in summarize(report):
            print(line)
        print(f"release {order.version} is in {config.out}; commit the ledger and releases/ of {folder.folder}")
    return DONE


def diff(arguments: argparse.Namespace) -> int:
    from atlas_build.publish.diff import comparison_json
    from atlas_build.releasing import compare, describe_comparison
    from atlas_build.report import Report

    comparison = compare(arguments.old, arguments.new, lambda path: _configure(path, arguments), Report())
    if arguments.json:
        print(orjson.dumps(comparison_json(comparison), option=orjson.OPT_INDENT_2).decode())
    else:
        for line in describe_comparison(comparison):
            print(line)
    return DONE


def suppress(arguments: argparse.Namespace) -> int:
    from pydantic import ValidationError

    from atlas_build.releasing import find_repository
    from atlas_build.releasing import suppress as run

    folder = _read_folder(arguments.corpus)
    source = Source(arguments.source) if arguments.source else None
    repository = arguments.repository
    if not (source and repository) and (repository or arguments.session):
        source, repository = find_repository(folder, source, repository, arguments.session)
    try:
        order = Suppression(
            id=arguments.id,
            source=source,
            repository_id=repository,
            session_id=arguments.session,
            date=arguments.date or date.today(),  # noqa: DTZ011  the maintainer's own day; the one clock of the program
            reason=Reason(arguments.reason),
        )
    except ValidationError:
        raise UsageError(
            "this names no case, session or repository",
            hint="give either a case id, or --repository, or --session for one session of it",
        ) from None
    for line in run(folder, order):
        print(line)
    print("next: build or release, deploy, then `forget` to prove that nothing is left")
    return DONE


def forget(arguments: argparse.Namespace) -> int:
    from atlas_build.config import find_data
    from atlas_build.forgetting import OTHER_COPIES, search_for_case

    folder = _read_folder(arguments.corpus)
    result = search_for_case(arguments.id, arguments.site, folder, find_data(arguments.data))
    for line in result.lines():
        print(line)
    print("What this cannot see, and what may hold copies:")
    for line in OTHER_COPIES:
        print(f"  - {line}")
    return DONE if result.is_clean else FAILED
