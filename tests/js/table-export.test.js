import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv, toLatex } from "../../assets/js/table-export.js";

const TABLE = {
  name: "x",
  caption: "Form by cause, of 40 cases.",
  columns: [{ title: "Form" }, { title: "Share, %", digits: 1 }, { title: "n", digits: 0 }],
  rows: [["S1 \"One\"", 12.34567891, 1234567], ["=S2", -0.04, null], ["[X]", -3.25, 0]],
};

test("CSV has CRLF, quotes where they are needed, and the caption in every record", () => {
  assert.equal(
    toCsv(TABLE),
    'Form,"Share, %",n,caption\r\n' +
      '"S1 ""One""",12.3457,1234567,"Form by cause, of 40 cases."\r\n' +
      "'=S2,-0.04,,\"Form by cause, of 40 cases.\"\r\n" +
      '[X],-3.25,0,"Form by cause, of 40 cases."\r\n',
  );
});

test("text that a spreadsheet would run gets an apostrophe, numbers do not", () => {
  const columns = [{ title: "t" }];
  for (const start of ["=", "+", "-", "@", "\t", "\r"]) {
    const [, record] = toCsv({ name: "x", caption: "c", columns, rows: [[`${start}1`]] }).split(/\r\n(?=['"])/);
    assert.match(record, /^"?'/, JSON.stringify(start));
  }
  assert.match(toCsv({ name: "x", caption: "c", columns, rows: [[-1]] }), /\n-1,c\r\n$/);
});

test("a line end within a field stays within its quotes", () => {
  assert.equal(toCsv({ name: "x", caption: "c", columns: [{ title: "t" }], rows: [["a\r\nb"]] }), 't,caption\r\n"a\r\nb",c\r\n');
});

test("LaTeX is a booktabs table with aligned numbers and escaped text", () => {
  assert.equal(
    toLatex(TABLE, "https://example.org/?form=S3 \n%"),
    [
      "% https://example.org/?form=S3%",
      "% \\usepackage{booktabs}",
      "\\begin{table}",
      "\\centering",
      "\\caption{Form by cause, of 40 cases.}",
      "\\begin{tabular}{lrr}",
      "\\toprule",
      "Form & Share, \\% & n \\\\",
      "\\midrule",
      'S1 {\\char34}One{\\char34} & 12.3 & 1{,}234{,}567 \\\\',
      "=S2 & 0.0 &  \\\\",
      "{}[X] & $-$3.3 & 0 \\\\",
      "\\bottomrule",
      "\\end{tabular}",
      "\\end{table}",
      "",
    ].join("\n"),
  );
});
