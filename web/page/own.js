// A routine file of the person's own: pasted, chosen or dropped.

import { $, h } from "./dom.js";
import { t } from "./texts.js";

/** A routine file larger than this is none, as for the program. */
const LARGEST_BYTES = 1 << 20;
const KEPT = "effleurage-own";

export class Own {
  /**
   * @param {(text: string) => void} use
   * @param {() => string} example the text to begin with
   */
  constructor(use, example) {
    this.use = use;
    this.text = /** @type {HTMLTextAreaElement} */ ($("own-text"));
    this.text.value = kept();
    $("own-use").addEventListener("click", () => this.take(this.text.value));
    $("own-start").addEventListener("click", () => {
      this.text.value = example();
      this.text.focus();
    });
    $("own-file").addEventListener("change", () => this.file($("own-file").files[0]));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      this.file(event.dataTransfer?.files[0]);
    });
  }

  /** @param {File | undefined} file */
  async file(file) {
    if (!file) return;
    $("own").open = true;
    if (file.size > LARGEST_BYTES) return this.say(t("own.large"));
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      this.text.value = text;
      this.take(text);
    } catch {
      this.say(t("own.nottext"));
    }
  }

  /** @param {string} text */
  take(text) {
    if (new Blob([text]).size > LARGEST_BYTES) return this.say(t("own.large"));
    try {
      sessionStorage.setItem(KEPT, text);
    } catch {
      // Then a reload forgets it.
    }
    this.use(text);
  }

  /** @param {string} text */
  say(text) {
    $("own-told").replaceChildren(h("p", { class: "refusal", text }));
  }

  /** Every mistake as `check` prints it: line, caret, way out.
   * @param {{ text: string, stops: boolean }[]} mistakes
   */
  tell(mistakes) {
    const told = mistakes.map(({ text, stops }) => h("pre", { class: stops ? "refusal" : "advice", tabindex: "0", lang: "en", text }));
    $("own-told").replaceChildren(...(told.length ? told : [h("p", { text: t("own.good") })]));
  }

  clear() {
    $("own-told").replaceChildren();
  }
}

/** The text that was used last in this tab. */
export function kept() {
  try {
    return sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}
