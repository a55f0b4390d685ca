// The plan: a drawing to scale, what came of changes, and the cue sheet as a table.

import { $, clock, h } from "./dom.js";
import { t } from "./texts.js";

/** More changes than these are folded away, so that the page stays in sight. */
const FEW_CHANGES = 6;

/** @typedef {any} View what the engine tells of a plan; see crates/effleurage-page/src/view.rs */

/**
 * @param {View} view
 * @param {(seconds: number) => void} listen
 */
export function showPlan(view, listen) {
  const time = clock(view.frames / view.rate);
  $("plan-head").replaceChildren(h("strong", { text: view.title }), ` ${time}`);
  $("plan-tap").hidden = false;
  draw(view, time, listen);
  // What somebody had opened stays open.
  const isOpen = (/** @type {string} */ id) => /** @type {HTMLDetailsElement | null} */ (document.getElementById(id))?.open;
  const [changed, cues] = [isOpen("changes"), isOpen("sheet")];
  $("plan-more").replaceChildren(...[
    advice(view), changes(view, changed || undefined), notes(view), sheet(view, listen, Boolean(cues)),
  ].filter((part) => part !== null));
}

/**
 * @param {View} view
 * @param {string} time
 * @param {(seconds: number) => void} listen
 */
function draw(view, time, listen) {
  const parsed = new DOMParser().parseFromString(view.drawing, "image/svg+xml");
  const picture = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.importNode(parsed.documentElement, true)));
  picture.querySelector("title")?.remove();
  picture.setAttribute("aria-label", t("plan.drawing", { title: view.title, time }));
  const head = document.createElementNS("http://www.w3.org/2000/svg", "path");
  head.setAttribute("class", "playhead");
  head.setAttribute("d", `M0 6V${Number(picture.getAttribute("height")) - 24}`);
  picture.append(head);
  picture.addEventListener("click", (event) => {
    const [from, to] = [Number(picture.dataset.from), Number(picture.dataset.to)];
    const box = picture.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * Number(picture.getAttribute("width"));
    const share = Math.min(1, Math.max(0, (x - from) / (to - from)));
    listen((share * view.frames) / view.rate);
  });
  $("drawing").replaceChildren(picture);
}

/**
 * Where the track is, in the drawing.
 * @param {View} view
 * @param {number} seconds
 */
export function pointAt(view, seconds) {
  const picture = /** @type {SVGSVGElement | null} */ ($("drawing").firstElementChild);
  const head = picture?.querySelector(".playhead");
  if (!picture || !head) return;
  const [from, to] = [Number(picture.dataset.from), Number(picture.dataset.to)];
  const x = from + ((to - from) * seconds * view.rate) / view.frames;
  head.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
}

/** @param {View} view */
function advice(view) {
  if (!view.warnings.length) return null;
  const texts = view.warnings.map((/** @type {any} */ { text }) => h("pre", { tabindex: "0", lang: "en", text }));
  return h("div", {}, h("h3", { text: t("plan.warnings") }), ...texts);
}

/**
 * @param {View} view
 * @param {boolean | undefined} wasOpen
 */
function changes(view, wasOpen) {
  if (!view.changes.length) return null;
  const heads = ["plan.what", "plan.written", "plan.asked", "plan.out"];
  const row = (/** @type {any} */ change) => h("tr", {},
    h("th", { scope: "row", text: change.what }), h("td", { text: change.written }),
    h("td", { text: change.asked }), h("td", { text: change.comes_out }));
  const title = `${t("plan.changes")} (${view.changes.length})`;
  const open = wasOpen ?? view.changes.length <= FEW_CHANGES;
  return h("details", { id: "changes", open }, h("summary", { id: "changes-title", text: title }),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "changes-title" }, h("table", {},
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col", text: t(/** @type {any} */ (head)) })))),
      h("tbody", {}, ...view.changes.map(row)))));
}

/** @param {View} view */
function notes(view) {
  if (!view.notes.length) return null;
  const items = view.notes.map((/** @type {string} */ note) => h("li", { text: note }));
  return h("div", {}, h("h3", { text: t("plan.notes") }), h("ul", {}, ...items));
}

/**
 * @param {View} view
 * @param {(seconds: number) => void} listen
 * @param {boolean} open
 */
function sheet(view, listen, open) {
  const scroll = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("plan.sheet") });
  const details = /** @type {HTMLDetailsElement} */ (h("details", { id: "sheet" }, h("summary", { text: t("plan.sheet") }), scroll));
  const fill = () => {
    if (details.open && !scroll.firstChild) scroll.append(table(view, listen));
  };
  details.addEventListener("toggle", fill);
  details.open = open;
  fill();
  return details;
}

/**
 * @param {View} view
 * @param {(seconds: number) => void} listen
 */
function table(view, listen) {
  const rows = view.sections.flatMap((/** @type {any} */ section) => {
    const at = section.at / view.rate;
    const title = section.title;
    const label = t("plan.from", { time: clock(at), title });
    const end = section.at + section.frames;
    const words = view.words.filter((/** @type {any} */ said) => said.at >= section.at && said.at < end);
    return [
      section.begins ? h("tr", { class: "step-row" }, h("th", { colspan: "3", scope: "colgroup", text: section.begins })) : null,
      h("tr", {},
        h("td", {}, h("button", { type: "button", class: "jump", "aria-label": label, text: clock(at), onclick: () => listen(at) })),
        h("td", { text: clock(section.frames / view.rate) }),
        h("td", {}, h("span", { text: title }), strokes(section),
          ...words.map((/** @type {any} */ said) => h("span", { class: "said", lang: view.language, text: `“${said.text}”` })))),
    ].filter((row) => row !== null);
  });
  return h("table", { class: "cues" }, h("caption", { class: "unseen", text: t("plan.sheet") }),
    h("thead", {}, h("tr", {},
      h("th", { scope: "col", text: t("plan.time") }), h("th", { scope: "col", text: t("plan.lasts") }), h("th", { scope: "col", text: t("plan.what") }))),
    h("tbody", {}, ...rows));
}

/** @param {any} section */
function strokes({ stroking }) {
  if (!stroking) return null;
  const rate = Number(stroking.per_minute.toFixed(2));
  const text = t(stroking.strokes === 1 ? "plan.stroke" : "plan.strokes", { n: stroking.strokes, rate });
  return h("span", { class: "how", text });
}
