"""The command line: one function a command. A command parses, builds a config, calls, and returns an exit code.

Exit codes: 0 done, 1 input or check failed, 2 usage, 3 our bug, 130 interrupted. Results go to stdout, progress and
messages to stderr. Messages never hold text of the corpus.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

from atlas_build import __version__
from atlas_build.errors import AtlasError, UsageError
from atlas_build.release_commands import add_release_commands

if TYPE_CHECKING:
    from atlas_build.scrub.scrubber import Scrubber

DONE, FAILED, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and turn whatever happens into an exit code."""
    try:
        arguments = make_parser().parse_args(argv)
    except SystemExit as stop:  # argparse has printed its own words
        return DONE if stop.code in (0, None) else USAGE
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        command: Command = arguments.command
        return command(arguments)
    except AtlasError as error:
        print(f"error: {error.diagnostics()}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; nothing was published" if arguments.publishes else "interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # the one place where a bug becomes an exit code
        _report_bug(error)
        return BUG


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _report_bug(error: Exception) -> None:
    """Where it broke, without the exception's own words: they may quote the corpus."""
    print(f"bug: {type(error).__name__}; nothing was published. Please report these lines:", file=sys.stderr)
    for frame in traceback.extract_tb(error.__traceback__):
        print(f"  {frame.filename}:{frame.lineno} in {frame.name}", file=sys.stderr)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="misalignment-atlas",
        description="Build a static site of coding-agent misalignment episodes: license-gated, scrubbed, searchable.",
    )
    parser.set_defaults(publishes=False)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_build(commands)
    _add_serve(commands)
    _add_check(commands)
    _add_scrub(commands)
    _add_audit(commands)
    _add_licenses(commands)
    _add_inspect(commands)
    _add_cite(commands)
    add_release_commands(commands, _add_data)
    return parser


Commands = argparse._SubParsersAction  # argparse's own name for what add_subparsers returns


def _add_build(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "build", help="build the site", description="Read, gate, scrub, render, check, publish."
    )
    _add_input(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("site"), help="the site's folder (default: site)"
    )
    _add_data(parser)
    parser.add_argument("--base-url", metavar="URL", help="where the site will be hosted; turns on canonical addresses")
    parser.add_argument("--report", metavar="FILE.json", type=Path, help="write counts and findings as JSON")
    parser.add_argument("--jobs", metavar="N", type=_positive, help="worker processes (default: one a core)")
    _add_cache(parser)
    parser.add_argument("--strict", action="store_true", help="fail if a record was set aside")
    parser.add_argument("--quiet", action="store_true", help="no progress, no summary; errors only")
    parser.set_defaults(command=build, publishes=True)


def _add_serve(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "serve", help="look at a site on this machine", description="Serve a site on 127.0.0.1."
    )
    parser.add_argument(
        "site", metavar="DIR", type=Path, nargs="?", default=Path("site"), help="the site (default: site)"
    )
    parser.add_argument("--port", metavar="N", type=int, help="port (default: a free one)")
    parser.set_defaults(command=serve)


def _add_check(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "check", help="check a finished site", description="Links, ids, titles, CSP, index, sizes."
    )
    parser.add_argument("site", metavar="DIR", type=Path, help="the site to check")
    _add_data(parser)
    parser.add_argument(
        "--base-url", metavar="URL", help="the address the site was built for (default: the front page's own)"
    )
    parser.add_argument("--jobs", metavar="N", type=_positive, help="worker processes (default: one a core)")
    parser.set_defaults(command=check)


def _add_scrub(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "scrub", help="scrub text from stdin", description="Replace personal data and secrets by typed placeholders."
    )
    parser.add_argument("--jsonl", action="store_true", help='read {"text": ...} a line, write text and spans a line')
    _add_data(parser)
    parser.set_defaults(command=scrub)


def _add_audit(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "audit",
        help="review what the scrubber removes",
        description="Scrub an input as a build does and write what was removed, with its context, into a local page. "
        "The page holds personal data: it is never part of a site, and must not be published.",
    )
    _add_input(parser)
    parser.add_argument("--out", metavar="FILE", type=Path, help="the page (default: audit.html)")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, and a page only with --out")
    parser.add_argument(
        "--contexts", metavar="N", type=_positive, default=5, help="places shown of each value (default: 5)"
    )
    _add_data(parser)
    parser.add_argument("--jobs", metavar="N", type=_positive, help="worker processes (default: one a core)")
    _add_cache(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress, no notes; errors only")
    parser.set_defaults(command=audit)


def _add_licenses(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("licenses", help="judge license names", description="Admitted or excluded, and why.")
    parser.add_argument("names", metavar="STRING", nargs="*", help="license as recorded (default: lines of stdin)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    _add_data(parser)
    parser.set_defaults(command=licenses)


def _add_inspect(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "inspect", help="describe an input", description="What an input holds; no free text is shown."
    )
    _add_input(parser)
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    _add_data(parser)
    parser.set_defaults(command=inspect)


def _add_cite(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "cite",
        help="cite a case, or check the links of a paper",
        description="Print the citation of a case, of one quote (ID#q2) or of the study (the word study). A case that "
        "is gone is not cited; the message says whether it was withdrawn or continued under another id, and which ids "
        "are near one that no case has. With --check: find every link to a case or a result and every id in text "
        "files, say what a reader will find, and exit 1 when one would be misled.",
        epilog="What --check says: ok and not checked; and, with exit 1, labels changed, quotes changed, withdrawn, "
        "moved, unknown, mistyped, no such quote, no such release, list changed.",
    )
    parser.add_argument("items", metavar="ID|FILE", nargs="+", help="case ids; with --check, files such as paper.tex")
    parser.add_argument("--check", action="store_true", help="check the links to cases and results in files")
    parser.add_argument("--site", metavar="DIR|URL", default="site", help="the finished site (default: site)")
    parser.add_argument(
        "--format", choices=("text", "bibtex", "ris", "csl", "latex"), default="text", help="default: text"
    )
    parser.set_defaults(command=cite)


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="a corpus folder, files, or - for stdin")


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", type=Path, help="policies and codebook (default: the project's own)")


def _add_cache(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cache",
        metavar="FILE",
        type=Path,
        help="what the scrubber found in earlier builds (default: .atlas-cache/scrub.sqlite)",
    )
    parser.add_argument("--no-cache", action="store_true", help="scrub every text anew")


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on")
    return number


def _data_dir(arguments: argparse.Namespace) -> Path:
    from atlas_build.config import find_data

    return find_data(arguments.data)


def _cache_file(arguments: argparse.Namespace) -> Path | None:
    from atlas_build.scrub.cache import DEFAULT_CACHE

    return None if arguments.no_cache else arguments.cache or DEFAULT_CACHE


def build(arguments: argparse.Namespace) -> int:
    from atlas_build.config import plan_build
    from atlas_build.pipeline import build as run
    from atlas_build.releasing import clean_up
    from atlas_build.terminal import TerminalReport, describe_findings, summarize, write_report

    _refuse_report(arguments.report)
    config, folder = plan_build(
        arguments.inputs,
        out=arguments.out,
        data=arguments.data,
        jobs=arguments.jobs,
        strict=arguments.strict,
        base_url=arguments.base_url,
        cache=_cache_file(arguments),
    )
    with TerminalReport(sys.stderr, quiet=arguments.quiet) as report:
        try:
            if folder:
                clean_up(folder.folder, report)
            run(config, report)
            report.ended()
        except AtlasError as error:
            _write_report(arguments.report, write_report(report, ok=False, error=error.message))
            raise
    _write_report(arguments.report, write_report(report, ok=True))
    if not arguments.quiet:
        for line in describe_findings(report):
            print(line, file=sys.stderr)
        for line in summarize(report):
            print(line)
        if config.base_url is None:
            print("no base URL: canonical addresses, sitemap and feeds were left out")
        print(f"the site is in {config.out}; look at it with: misalignment-atlas serve {config.out}")
    return DONE


def _refuse_report(path: Path | None) -> None:
    """A report that cannot be written is better refused before the work than after it."""
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise UsageError(f"cannot write the report to {path}", hint="name a file in an existing folder")


def _write_report(path: Path | None, content: bytes) -> None:
    if path is None:
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"cannot write the report to {path}: {error.strerror}", hint="choose another --report"
        ) from error


def serve(arguments: argparse.Namespace) -> int:
    from atlas_build.serving import serve as run

    run(arguments.site, port=arguments.port)
    return DONE


def check(arguments: argparse.Namespace) -> int:
    from atlas_build.config import default_jobs, resolve_base_url
    from atlas_build.read.corpus_folder import CorpusSettings
    from atlas_build.render.page import CSP
    from atlas_build.search import reader
    from atlas_build.verify.check import check_site
    from atlas_build.verify.limits import read_limits

    base_url = resolve_base_url(arguments.base_url, CorpusSettings())
    limits = read_limits(_data_dir(arguments) / "policy" / "limits.toml")
    base_path = urlsplit(base_url).path if base_url else None
    problems = check_site(
        arguments.site, limits, csp=CSP, index=reader, jobs=arguments.jobs or default_jobs(), base_path=base_path
    )
    for problem in problems:
        print(problem)
    print(f"{len(problems):,} problems" if problems else "no problems", file=sys.stderr)
    return FAILED if problems else DONE


def scrub(arguments: argparse.Namespace) -> int:
    from atlas_build.scrub.scrubber import Scrubber

    scrubber = Scrubber.from_policy(_data_dir(arguments))
    if not arguments.jsonl:
        sys.stdout.write(scrubber.scrub_text(_read_stdin()).text)
        return DONE
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            sys.stdout.buffer.write(_scrub_line(scrubber, line, number) + b"\n")
    return DONE


def _read_stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise AtlasError(
            f"stdin is not UTF-8: byte {error.start:,} cannot be read", hint="convert the text to UTF-8"
        ) from None


def _scrub_line(scrubber: Scrubber, line: bytes, number: int) -> bytes:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise AtlasError(
            f'stdin, line {number:,}: not a JSON object with a string "text"', hint="give one object a line"
        )
    scrubbed = scrubber.scrub_text(record["text"])
    spans = [
        {"start": span.start, "end": span.end, "type": span.kind.value, "placeholder": span.placeholder}
        for span in scrubbed.spans
    ]
    return orjson.dumps({**record, "text": scrubbed.text, "spans": spans})


def audit(arguments: argparse.Namespace) -> int:
    from atlas_build.auditing import DEFAULT_OUT, refuse_site, write_audit
    from atlas_build.auditing import audit as run
    from atlas_build.config import plan_build
    from atlas_build.scrub.audit import audit_json
    from atlas_build.terminal import TerminalReport, describe_findings

    out = arguments.out or (None if arguments.json else DEFAULT_OUT)
    if out:
        refuse_site(out)
    config, _ = plan_build(
        arguments.inputs,
        out=out or DEFAULT_OUT,
        data=arguments.data,
        jobs=arguments.jobs,
        cache=_cache_file(arguments),
    )
    with TerminalReport(sys.stderr, quiet=arguments.quiet) as report:
        result = run(config, report, contexts=arguments.contexts)
        report.ended()
    if out:
        write_audit(result, out, config.templates_dir)
    if arguments.json:
        sys.stdout.buffer.write(orjson.dumps(audit_json(result), option=orjson.OPT_APPEND_NEWLINE))
    if not arguments.quiet:
        for line in describe_findings(report):
            print(line, file=sys.stderr)
        if out:
            print(f"wrote {out}: it holds personal data, do not publish it", file=sys.stderr)
    return DONE


def licenses(arguments: argparse.Namespace) -> int:
    from atlas_build.licenses.gate import LicenseGate, verdict_json, verdict_line

    gate = LicenseGate.from_policy(_data_dir(arguments) / "policy" / "licenses.toml")
    names = arguments.names or (line.decode("utf-8", "replace").rstrip("\r\n") for line in sys.stdin.buffer)
    for name in names:
        verdict = gate.judge(name)
        print(orjson.dumps(verdict_json(verdict)).decode() if arguments.json else verdict_line(verdict))
    return DONE


def inspect(arguments: argparse.Namespace) -> int:
    from atlas_build.config import resolve_inputs
    from atlas_build.inspection import inspect as run
    from atlas_build.report import Report

    inputs, _ = resolve_inputs(arguments.inputs)
    result = run(inputs, _data_dir(arguments), Report())
    if arguments.json:
        print(orjson.dumps(result.as_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode())
    else:
        for line in result.lines():
            print(line)
    return DONE


def cite(arguments: argparse.Namespace) -> int:
    from atlas_build.citing import PublishedSite, check_files, summarize_verdicts
    from atlas_build.citing import cite as write_citation
    from atlas_build.site_files import open_site

    site = PublishedSite(open_site(arguments.site))
    if not arguments.check:
        for item in arguments.items:
            sys.stdout.buffer.write(write_citation(item, site, arguments.format))
        return DONE
    verdicts = check_files([Path(item) for item in arguments.items], site)
    for verdict in verdicts:
        print(verdict)
    print(summarize_verdicts(verdicts), file=sys.stderr)
    return FAILED if any(verdict.misleads for verdict in verdicts) else DONE
