"""The license gate: which repositories' texts may be published.

`gate.py` gives the verdict, `policy.py` reads the reviewed decisions (data/policy/licenses.toml), `expressions.py`
reads SPDX expressions, `spdx.py` knows ids, names and categories, `verdict.py` holds the words of the answer.
The gate is closed: what no entry of the policy admits is excluded, with a reason.
"""
