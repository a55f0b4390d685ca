// The page's own words, in the language of the reader.

import { ANSWERS } from "./build.js";
import { en } from "./texts/en.js";

/** @typedef {keyof typeof en} Key */

/** Every language that has a voice; a reader fetches one.
 * @type {Record<string, () => Promise<Record<Key, string>>>}
 */
const LANGUAGES = {
  en: async () => en,
  es: async () => (await import("./texts/es.js")).texts,
  fr: async () => (await import("./texts/fr.js")).texts,
  it: async () => (await import("./texts/it.js")).texts,
  "pt-BR": async () => (await import("./texts/pt-BR.js")).texts,
};
const KEPT = "effleurage-language";

let language = "en";
/** @type {Record<string, string>} */
let texts = en;

/** The languages of the page, each with its own name. */
export const NAMES = { en: "English", es: "Español", fr: "Français", it: "Italiano", "pt-BR": "Português" };

/** The language that the reader chose once, or that the browser is set to. */
export function preferred() {
  const known = (/** @type {string | null} */ name) => (name && LANGUAGES[name] ? name : null);
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // A browser may keep nothing at all.
  }
  const wanted = (navigator.languages ?? []).map(nearest);
  return known(kept) ?? wanted.find((name) => name) ?? "en";
}

/** The language of the page that is nearest to one: Portuguese of any country is Portuguese.
 * @param {string} name
 */
export function nearest(name) {
  const base = (/** @type {string} */ one) => one.split("-")[0].toLowerCase();
  return Object.keys(LANGUAGES).find((known) => base(known) === base(name)) ?? null;
}

/** From now on, everything is in this language; in English where its texts cannot be had.
 * @param {string} name
 */
export async function speak(name) {
  const found = await LANGUAGES[name]?.().catch(() => null);
  [language, texts] = found ? [name, found] : ["en", en];
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Then it is asked again next time.
  }
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = t(/** @type {Key} */ (/** @type {HTMLElement} */ (element).dataset.t));
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(/** @type {Key} */ (/** @type {HTMLElement} */ (element).dataset.tLabel)));
  }
  document.title = t("title");
}

export function spoken() {
  return language;
}

/**
 * A text, with every `{name}` filled in.
 * @param {Key} key
 * @param {Record<string, string | number>} [words]
 */
export function t(key, words = {}) {
  // Some things are otherwise where a server answers.
  const text = (ANSWERS === "there" && texts[`${key}.there`]) || texts[key];
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(words[name] ?? whole));
}

/**
 * A text that not every entry of the engine's tables needs to have.
 * @param {string} key
 * @param {string} otherwise
 */
export function tMaybe(key, otherwise) {
  return texts[key] ?? otherwise;
}
