// What cannot be, in the reader's language: which value, and what is possible in its place.
// The engine tells it in English, and better where it knows why; so its own words stand with
// it, and where they are the reader's they stand alone.

import { h } from "./dom.js";
import { spoken, t, tMaybe } from "./texts.js";

/** What the engine tells, as `Refusal` of crates/effleurage-page writes it.
 * @typedef {{ flag: string | null, value: string | null, text: string, possible: string[], stops: boolean }} Mistake
 */
/** @typedef {import("./request.js").Setting} Setting */
/** @typedef {import("./controls.js").Shape} Shape */

/** In what language the engine tells it. */
const ENGINE = "en";
/** Flags whose first part names something of the routine. */
const NAMED = { zone: "zones", pace: "techniques" };

/**
 * A refusal or an advice, to stand beside its field.
 * @param {Mistake} mistake
 * @param {{ settings: Setting[], shape: Shape }} offered
 */
export function told(mistake, offered) {
  const kind = mistake.stops ? "refusal" : "advice";
  if (spoken() === ENGINE) return h("p", { class: kind, text: mistake.text });
  return h("div", { class: kind }, h("p", { text: inWords(mistake, offered) }), own(mistake.text));
}

/** One sentence of it.
 * @param {Mistake} mistake
 * @param {{ settings: Setting[], shape: Shape }} offered
 */
export function inWords(mistake, { settings, shape }) {
  if (spoken() === ENGINE) return mistake.text;
  const flag = mistake.flag?.replace(/^--/, "") ?? "";
  const value = mistake.value ?? "";
  if (!mistake.stops) return t("advice.flag", { what: label(flag) });
  const [from, to] = mistake.possible;
  if (flag === "total" && to) return t("refused.range", { value, from, to });
  if (mistake.possible.length) return t("refused.choose", { value, what: mistake.possible.join(", ") });
  const unknown = nameless(flag, value, shape);
  if (unknown) return unknown;
  const choices = settings.find((setting) => setting.flag === flag)?.choices ?? [];
  if (choices.length) return t("refused.choose", { value, what: choices.map(word).join(", ") });
  return `${t("refused.value", { value })} ${tMaybe(`hint.${flag}`, tMaybe(`${flag}s.hint`, ""))}`.trim();
}

/** The engine's own words, folded away.
 * @param {string} text
 */
export function own(text) {
  return h("details", { class: "own-words" }, h("summary", { text: t("refused.own") }), h("pre", { lang: ENGINE, tabindex: "0", text }));
}

/** That a value is about something that this routine does not have.
 * @param {string} flag
 * @param {string} value
 * @param {Shape} shape
 */
function nameless(flag, value, shape) {
  const kind = NAMED[/** @type {keyof typeof NAMED} */ (flag)];
  const [name, rest] = value.split("=");
  if (!kind || rest === undefined || name.includes(".")) return null;
  const known = /** @type {{ name: string, title: string }[]} */ (shape[/** @type {keyof Shape} */ (kind)]);
  if (!known.length || known.some((one) => one.name === name)) return null;
  return t("refused.name", { name, what: known.map(({ name: one, title }) => (one === title ? one : `${one} (${title})`)).join(", ") });
}

/** A word of the flags, in the reader's language and as it is written.
 * @param {string} text
 */
function word(text) {
  const said = tMaybe(`word.${text}`, text);
  return said === text ? text : `${said} (${text})`;
}

/** @param {string} flag */
function label(flag) {
  return tMaybe(`set.${flag}`, tMaybe(`${flag}s`, tMaybe(flag, flag)));
}
