"""License expressions: what AND, OR and WITH admit, and that no text makes the gate guess or fall over."""

from __future__ import annotations

import ast
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from license_gate import GATE, decision

from atlas_build.licenses.expressions import ExpressionError, parse, write
from atlas_build.licenses.gate import (
    Reason,
    Verdict,
    verdict_json,
    verdict_line,
)

# --- AND, OR, WITH, plus --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expression", "branch", "rule"),
    [
        ("mit", "MIT", "MIT", "allow:MIT"),
        ("MIT OR GPL-3.0", "MIT OR GPL-3.0-only", "MIT", "allow:MIT"),
        ("GPL-3.0 or mit", "GPL-3.0-only OR MIT", "MIT", "allow:MIT"),
        ("MIT\nOR\r\nISC", "MIT OR ISC", "MIT", "allow:MIT"),
        (
            "(MIT AND BSD-3-Clause) OR AGPL-3.0",
            "(MIT AND BSD-3-Clause) OR AGPL-3.0-only",
            "MIT AND BSD-3-Clause",
            "allow:MIT, allow:BSD-3-Clause",
        ),
        (
            "ISC AND (GPL-2.0+ OR Zlib)",
            "ISC AND (GPL-2.0-or-later OR Zlib)",
            "ISC AND Zlib",
            "allow:ISC, allow:Zlib",
        ),
        ("MIT AND MIT", "MIT AND MIT", "MIT", "allow:MIT"),
        ("((((MIT))))", "MIT", "MIT", "allow:MIT"),
        ("MIT OR LicenseRef-Commercial", "MIT OR LicenseRef-Commercial", "MIT", "allow:MIT"),
        ("Acme-1.0 OR MIT", "Acme-1.0 OR MIT", "MIT", "allow:MIT"),
        ("MIT+", "MIT+", "MIT", "allow:MIT"),
        ("Apache-2.0+", "Apache-2.0+", "Apache-2.0", "allow:Apache-2.0"),
        (
            "apache-2.0 with llvm-exception",
            "Apache-2.0 WITH LLVM-exception",
            "Apache-2.0 WITH LLVM-exception",
            "allow:Apache-2.0, exception:LLVM-exception",
        ),
    ],
)
def test_an_admitted_expression_says_which_branch_it_rests_on(
    raw: str, expression: str, branch: str, rule: str
) -> None:
    assert decision(GATE.judge(raw)) == Verdict(
        raw=raw, admitted=True, reason=Reason.ALLOWED, rule=rule, expression=expression, branch=branch
    )


@pytest.mark.parametrize(
    ("raw", "reason", "expression"),
    [
        ("MIT AND GPL-3.0", "not-permissive", "MIT AND GPL-3.0-only"),
        ("GPL-3.0 OR AGPL-3.0", "not-permissive", "GPL-3.0-only OR AGPL-3.0-only"),
        ("MIT AND (GPL-2.0 OR Elastic-2.0)", "not-permissive", "MIT AND (GPL-2.0-only OR Elastic-2.0)"),
        ("MIT AND ISC OR GPL-3.0 AND MIT AND WTFPL", "allowed", "(MIT AND ISC) OR (GPL-3.0-only AND MIT AND WTFPL)"),
        ("MIT AND CC-BY-4.0", "policy-switch-off", "MIT AND CC-BY-4.0"),
        ("Apache-2.0 AND FSL-1.1-ALv2", "source-available", "Apache-2.0 AND FSL-1.1-ALv2"),
        ("MIT WITH LLVM-exception", "exception-not-reviewed", "MIT WITH LLVM-exception"),
        ("Apache-2.0 WITH Commons-Clause", "exception-not-reviewed", "Apache-2.0 WITH Commons-Clause"),
        ("GPL-2.0 WITH Classpath-exception-2.0", "not-permissive", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-3.0+", "not-permissive", "GPL-3.0-or-later"),
        ("MPL-2.0+", "not-permissive", "MPL-2.0+"),
        ("Acme-1.0 AND MIT", "unknown-license", "Acme-1.0 AND MIT"),
        ("Acme-1.0 OR Acme-2.0", "unknown-license", None),
    ],
)
def test_an_expression_without_an_allowed_way_through_is_excluded(
    raw: str, reason: str, expression: str | None
) -> None:
    verdict = GATE.judge(raw)
    assert (str(verdict.reason), verdict.expression) == (reason, expression)


LEAVES = {
    "MIT": True,
    "ISC": True,
    "Apache-2.0 WITH LLVM-exception": True,
    "GPL-3.0-only": False,
    "CC-BY-4.0": False,
    "MIT WITH LLVM-exception": False,
    "LicenseRef-Acme": False,
}
Tree = str | tuple[str, list["Tree"]]

TREES: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(sorted(LEAVES)),
    lambda inner: st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=4)),
    max_leaves=12,
)


def spell(tree: Tree) -> str:
    if isinstance(tree, str):
        return tree
    operator, parts = tree
    return f" {operator} ".join(part if isinstance(part, str) else f"({spell(part)})" for part in parts)


def holds(tree: Tree, chosen: set[str]) -> bool:
    """Does having exactly the chosen licenses satisfy the expression?"""
    if isinstance(tree, str):
        return tree in chosen
    operator, parts = tree
    return (all if operator == "AND" else any)([holds(part, chosen) for part in parts])


@given(TREES)
def test_an_expression_is_admitted_exactly_when_the_allowed_licenses_satisfy_it(tree: Tree) -> None:
    text = spell(tree)
    verdict = GATE.judge(text)
    if len(text) > 512:
        assert verdict.reason is Reason.UNPARSABLE
        return
    assert verdict.admitted == holds(tree, {leaf for leaf, allowed in LEAVES.items() if allowed})
    assert verdict.expression == text
    if verdict.branch is not None:
        relied_on = set(verdict.branch.split(" AND "))
        assert all(LEAVES[leaf] for leaf in relied_on)
        assert holds(tree, relied_on)


@given(st.lists(st.sampled_from(["MIT", "GPL-3.0-only", "AND", "OR", "(", ")"]), min_size=1, max_size=14))
def test_token_sequences_are_read_as_python_reads_and_or_and_parentheses(tokens: list[str]) -> None:
    expected = python_reads(tokens)
    verdict = GATE.judge(" ".join(tokens))
    if expected is None:
        assert verdict.reason in (Reason.UNPARSABLE, Reason.UNKNOWN_LICENSE)
    assert verdict.admitted == bool(expected)


def python_reads(tokens: list[str]) -> bool | None:
    """The value of the expression with MIT true and GPL false; None when it is not well-formed."""
    words = {"MIT": "true", "GPL-3.0-only": "false", "AND": "and", "OR": "or"}
    try:
        tree = ast.parse(" ".join(words.get(token, token) for token in tokens), mode="eval")
    except SyntaxError:
        return None
    if not all(
        isinstance(node, ast.Expression | ast.BoolOp | ast.boolop | ast.Name | ast.Load) for node in ast.walk(tree)
    ):
        return None
    return bool(eval(compile(tree, "", "eval"), {"true": True, "false": False}))


# --- any text at all ------------------------------------------------------------------------------------------------


@given(st.text(st.characters(), max_size=600))
def test_any_text_gets_a_verdict(raw: str) -> None:
    verdict = GATE.judge(raw)
    assert verdict.raw == raw
    assert verdict.admitted == (verdict.reason is Reason.ALLOWED)
    assert len(verdict_line(verdict)) < 2_000
    assert "\n" not in verdict_line(verdict)
    json.dumps(verdict_json(verdict), ensure_ascii=False).encode("utf-8")


@given(st.text("MITORANDWITH()+-. :/'\x00", max_size=80))
def test_near_misses_of_expressions_read_back_as_they_were_written(raw: str) -> None:
    GATE.judge(raw)
    try:
        expression = parse(raw)
    except ExpressionError:
        return
    assert parse(write(expression)) == expression


@pytest.mark.parametrize(
    "raw",
    [
        "x" * 1_000_000,
        "(" * 1_000_000,
        "(" * 255 + "X" + ")" * 255,
        "(MIT OR " * 500_000,
        "MIT OR " * 72 + "OR",
        "MIT" + " " * 1_000_000,
        "\x00" * 1_000_000,
        "LicenseRef-" * 100_000,
        "DocumentRef-" * 42,
        "a." * 255 + "'",
        "a " * 255 + "'",
    ],
)
def test_hostile_texts_are_unparsable_at_once_and_not_repeated(raw: str) -> None:
    start = time.perf_counter()
    verdict = GATE.judge(raw)
    assert time.perf_counter() - start < 0.5
    assert not verdict.admitted
    assert len(verdict_line(verdict)) < 600
    assert len(verdict_json(verdict)["raw"] or "") <= 513


def test_32_parentheses_inside_each_other_are_read_and_33_are_not() -> None:
    assert GATE.judge("(" * 32 + "MIT" + ")" * 32).admitted
    assert GATE.judge("(" * 33 + "MIT" + ")" * 33).reason is Reason.UNPARSABLE


def test_parentheses_beside_each_other_do_not_count_as_deep() -> None:
    assert GATE.judge(" OR ".join(["(GPL-3.0)"] * 35 + ["MIT"])).admitted


def test_a_text_is_judged_once() -> None:
    assert GATE.judge("Apache-2.0 OR ISC") is GATE.judge("Apache-2.0 OR ISC")
