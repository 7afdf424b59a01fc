/** Cases by month, one row of columns a workflow, all to one scale. */
import { change, serialise } from "../state.js";
import { countMonths } from "../timeline.js";
import { conditions, denominator, monthName, thousands, valueName } from "../words.js";
import { make } from "./dom.js";
import { makeTakeAway, redraw } from "./redraw.js";

/**
 * @typedef {import("../timeline.js").Timeline} Timeline
 * @typedef {import("./redraw.js").Context} Context
 */

const SVG = "http://www.w3.org/2000/svg";
const STEP = 10;
const GAP = 2;
const HEIGHT = 60;
/** In CSS pixels: a narrower column is too small to be hit; the table of numbers has the same links. */
const TARGET = 24;
/** Labels of the axis stand at least this far apart, as a share of its width. */
const LABEL_ROOM = 0.14;
/** And in CSS pixels, with the space behind it. */
const LABEL_WIDTH = 64;

/** @param {HTMLElement} place @param {Context} context */
export function show(place, context) {
  const line = countMonths(context.index, context.matches);
  const caption = captionOf(line, context);
  const head = make("figcaption", {}, caption);
  if (line.months.length === 0) {
    redraw(place, context.matches.count() > 0 ? [make("p", { class: "empty" }, caption)] : []);
    return;
  }
  // The place itself may not be shown yet; this line is as wide.
  const room = place.parentElement?.querySelector(".views-line")?.clientWidth ?? innerWidth;
  const areLinks = (room * (STEP - GAP)) / (line.months.length * STEP) >= TARGET;
  const rows = line.rows.map((row) => makeRow(row, line, context, areLinks));
  const figure = make("figure", { class: "timeline" }, head, ...rows, makeAxis(line.months, LABEL_WIDTH / room), makeNumbers(line, context));
  redraw(place, [figure, makeTakeAway(exported(line, caption, context))]);
}

/** @param {Timeline} line @param {Context} context */
function captionOf({ months, dated, undated, largest, totals }, { index, said: state, matches }) {
  const words = conditions(index, state);
  const base = denominator(index, state);
  const of = `${thousands(matches.count())} ${base.word}` + (words && ` (${words})`);
  const missing = undated === 0 ? "all have a date" : `${thousands(undated)} without a date ${undated === 1 ? "is" : "are"} left out`;
  if (months.length === 0) return `None of ${of} has a date.`;
  const most = Math.max(...totals);
  const peak = `The largest month is ${monthName(months[totals.indexOf(most)])} with ${thousands(most)}; the columns of all rows have one scale, up to ${thousands(largest)}. This ranks no workflow.`;
  const sample = state.sample === null ? "" : " The sample is not applied here.";
  return `Cases by month of the session and by workflow: ${thousands(dated)} of ${of}; ${missing}. ${peak}${sample}`;
}

/** @param {string} month @param {Context} context */
function addressOf(month, { state }) {
  return `?${serialise(change(state, { view: "", sample: null, stratify: "", from: month, to: month }))}`;
}

/** @param {Timeline["rows"][number]} row @param {Timeline} line @param {Context} context @param {boolean} areLinks */
function makeRow({ key, counts, total }, { months, totals, largest }, context, areLinks) {
  const chart = draw("svg", { class: "columns-chart", viewBox: `0 0 ${months.length * STEP - GAP} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const name = key === "?none" ? "Workflow not recorded" : valueName(context.index, "workflow", key);
  months.forEach((month, i) => {
    if (totals[i] === 0) return;
    const height = Math.max(counts[i] > 0 ? 1 : 0, (HEIGHT * counts[i]) / largest);
    const column = areLinks ? draw("a", { href: addressOf(month, context), tabindex: "-1" }) : draw("g", {});
    const title = draw("title", {});
    title.textContent = `${monthName(month)}: ${thousands(counts[i])} of ${thousands(totals[i])} cases, ${name}`;
    column.append(title, draw("rect", { class: "hit-area", x: i * STEP, width: STEP - GAP, height: HEIGHT }));
    column.append(draw("rect", { class: "now", x: i * STEP, y: HEIGHT - height, width: STEP - GAP, height }));
    chart.append(column);
  });
  return make("div", { class: "timeline-row" }, make("p", {}, make("b", {}, name), ` ${thousands(total)}`), chart);
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function draw(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** The first month and every January that has room. @param {string[]} months @param {number} wide a label's share of the width */
function makeAxis(months, wide) {
  const axis = make("p", { class: "timeline-axis", "aria-hidden": "true" });
  const apart = Math.max(LABEL_ROOM, wide);
  const end = months[months.length - 1];
  const latest = 1 - Math.max(LABEL_ROOM, 2 * wide);
  let last = -1;
  months.forEach((month, i) => {
    const at = i / months.length;
    if ((i > 0 && !month.endsWith("-01")) || (last >= 0 && at - last < apart) || (i > 0 && at > latest)) return;
    const label = make("span", {}, monthName(month));
    label.style.insetInlineStart = `${100 * at}%`;
    axis.append(label);
    last = at;
  });
  if (months.length > 1) axis.append(make("span", { class: "end" }, monthName(end)));
  return axis;
}

/** @param {Timeline} line @param {Context} context */
function makeNumbers({ months, totals, rows, undated }, context) {
  const heads = rows.map(({ key }) => make("th", { scope: "col", class: "number" }, valueName(context.index, "workflow", key)));
  const lines = months.map((month, i) => {
    const name = totals[i] > 0 ? make("a", { href: addressOf(month, context) }, monthName(month)) : monthName(month);
    const cells = [...rows.map(({ counts }) => counts[i]), totals[i]].map((count) => make("td", { class: "number" }, thousands(count)));
    return make("tr", {}, make("th", { scope: "row" }, name), ...cells);
  });
  const left = rows.map(({ counts, total }) => total - sum(counts));
  const last = make("tr", {}, make("th", { scope: "row" }, "Undated"), ...[...left, undated].map((count) => make("td", { class: "number" }, thousands(count))));
  const head = make("tr", {}, make("th", { scope: "col" }, "Month"), ...heads, make("th", { scope: "col", class: "number" }, "All"));
  const table = make("table", { class: "plain" }, make("caption", { class: "vh" }, "Cases by month and workflow"), make("thead", {}, head), make("tbody", {}, ...lines, last));
  return make("details", { "data-key": "numbers" }, make("summary", {}, "The numbers, with links"), table);
}

/** @param {number[]} counts */
const sum = (counts) => counts.reduce((whole, count) => whole + count, 0);

/** @param {Timeline} line @param {string} caption @param {Context} context */
function exported({ months, totals, rows, undated }, caption, { index }) {
  const heads = [...rows.map(({ key }) => valueName(index, "workflow", key)), "All"];
  return {
    name: "cases-by-month",
    caption,
    columns: [{ title: "Month" }, ...heads.map((title) => ({ title, digits: 0 }))],
    rows: [
      ...months.map((month, i) => [month, ...rows.map(({ counts }) => counts[i]), totals[i]]),
      ["undated", ...rows.map(({ counts, total }) => total - sum(counts)), undated],
    ],
  };
}
