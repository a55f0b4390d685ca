// The page's own words, in the language of the reader.

import { en } from "./texts/en.js";
import { es } from "./texts/es.js";

/** @typedef {keyof typeof en} Key */

/** @type {Record<string, Record<Key, string>>} */
const LANGUAGES = { en, es };
const KEPT = "effleurage-language";

let language = "en";

/** The languages of the page, each with its own name. */
export const NAMES = { en: "English", es: "Español" };

/** The language that the reader chose once, or that the browser is set to. */
export function preferred() {
  const known = (/** @type {string | null} */ name) => (name && LANGUAGES[name] ? name : null);
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // A browser may keep nothing at all.
  }
  const wanted = (navigator.languages ?? []).map((name) => name.split("-")[0]);
  return known(kept) ?? wanted.find((name) => LANGUAGES[name]) ?? "en";
}

/** @param {string} name */
export function speak(name) {
  language = LANGUAGES[name] ? name : "en";
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
  const text = LANGUAGES[language][key];
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(words[name] ?? whole));
}

/**
 * A text that not every entry of the engine's tables needs to have.
 * @param {string} key
 * @param {string} otherwise
 */
export function tMaybe(key, otherwise) {
  return /** @type {Record<string, string>} */ (LANGUAGES[language])[key] ?? otherwise;
}
