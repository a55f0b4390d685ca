// The form: a control for every setting of the engine's table, and the engine's refusals
// beside the control that they are about.

import { VOICES } from "./build.js";
import { $, h } from "./dom.js";
import { inWords, told as refusal } from "./refusal.js";
import { STEPS, stepped } from "./steps.js";
import { t, tMaybe } from "./texts.js";

/** @typedef {import("./request.js").Request} Request */
/** @typedef {import("./request.js").Setting} Setting */
/** @typedef {{ zones: { name: string, title: string, lasts: string[] }[], techniques: { name: string, title: string, per_minute: number }[] }} Shape */

/** Where settings stand; one that is not named here comes last. */
const GROUPS = [
  ["group.time", ["total"]],
  ["group.hands", ["legs", "first", "gentle", "slow-down"]],
  ["group.words", ["talk", "i-know-the-warnings", "count-in", "halfway", "closing-cue", "time-left", "remind-every"]],
  ["group.sound", ["ticks", "tick-level", "bed", "bed-level", "voice-level", "room", "pan"]],
];
const FACTORS = [["0.8x", "pace.08"], ["0.9x", "pace.09"], ["1.1x", "pace.11"]];
/** Lengths that many people have time for. */
const TOTALS = ["10m", "15m", "20m", "30m"];

export class Controls {
  /**
   * @param {Request} request
   * @param {() => void} changed
   * @param {(flag: string, file: File) => void} ownSound takes a sound of the person's own
   */
  constructor(request, changed, ownSound) {
    this.request = request;
    this.changed = changed;
    this.ownSound = ownSound;
    /** @type {Setting[]} */
    this.settings = [];
    /** @type {Shape} */
    this.shape = { zones: [], techniques: [] };
    this.drawn = "";
  }

  /** Draws the form anew where its words or what it offers are others; a person who types
   * keeps the place.
   * @param {Setting[]} settings
   * @param {Shape} shape
   * @param {boolean} anew
   */
  draw(settings, shape, anew) {
    const what = JSON.stringify([settings, shape, document.documentElement.lang]);
    if (!anew && what === this.drawn) return;
    Object.assign(this, { settings, shape, drawn: what });
    const form = $("settings");
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.id;
    const open = new Set([...form.querySelectorAll("details[open]")].map((group) => group.id));
    const first = form.childElementCount === 0;
    form.replaceChildren(...this.groups());
    for (const group of form.querySelectorAll("details")) {
      group.open = first ? group.id === "group.time" : open.has(group.id);
    }
    if (focused && form.contains(document.getElementById(focused))) $(focused).focus();
  }

  groups() {
    const named = GROUPS.flatMap(([, flags]) => flags);
    const others = this.settings.map(({ flag }) => flag).filter((flag) => !named.includes(flag));
    const groups = others.length ? [...GROUPS, ["group.other", others]] : GROUPS;
    return groups.map(([key, flags]) => h("details", { id: String(key), class: "group" },
      h("summary", { text: t(/** @type {any} */ (key)) }),
      ...(key === "group.words" ? [this.voice()] : []),
      .../** @type {string[]} */ (flags).map((flag) => this.setting(flag)),
      ...(key === "group.time" ? [this.zones()] : []),
      ...(key === "group.hands" ? [this.pace()] : [])));
  }

  /** @param {string} flag */
  setting(flag) {
    const setting = this.settings.find((known) => known.flag === flag);
    if (!setting) return null;
    const words = flag === "total" ? TOTALS : wordsOf(setting);
    if (!setting.value) return this.check(setting);
    if (words.length) return this.pills(setting, words);
    return this.field(setting);
  }

  /** @param {Setting} setting */
  check({ flag, help }) {
    const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: `set-${flag}`, "aria-describedby": `hint-${flag} told-${flag}`,
      onchange: () => this.set(flag, box.checked ? "" : null) }));
    box.checked = this.request.get(flag) !== undefined;
    return h("div", { class: "field" },
      h("label", { class: "check" }, box, h("span", { text: label(flag) })),
      hint(flag, help), told(flag));
  }

  /** One of a few words; and a field for what else may be meant.
   * @param {Setting} setting
   * @param {string[]} words
   */
  pills(setting, words) {
    const { flag, help, choices, examples } = setting;
    const now = this.request.get(flag);
    const free = !choices.length && examples.some((example) => /^[0-9]/.test(example));
    const ownFile = examples.some((example) => example.includes("."));
    const pill = (/** @type {string} */ word, /** @type {string} */ text) => {
      const box = /** @type {HTMLInputElement} */ (h("input", { type: "radio", name: flag, id: `set-${flag}-${word || "none"}`, value: word,
        onchange: () => {
          const field = document.getElementById(`set-${flag}`);
          if (field) /** @type {HTMLInputElement} */ (field).value = "";
          this.set(flag, word || null);
        } }));
      box.checked = word ? now === word : now === undefined;
      return h("label", { class: "pill" }, box, h("span", { text }));
    };
    return h("fieldset", { class: "field", "aria-describedby": `hint-${flag} told-${flag}` },
      h("legend", { text: label(flag) }),
      hint(flag, help),
      h("div", { class: "pills" },
        pill("", t("as.written")),
        ...words.map((word) => pill(word, tMaybe(`word.${word}`, word))),
        free ? this.text(setting, words.includes(now ?? "") ? "" : now ?? "") : null,
        ...(ownFile ? this.file(flag, words.includes(now ?? "") ? "" : now ?? "") : [])),
      told(flag));
  }

  /** A button for a sound file of the person's own.
   * @param {string} flag
   * @param {string} now
   */
  file(flag, now) {
    const input = /** @type {HTMLInputElement} */ (h("input", { class: "unseen", type: "file", id: `set-${flag}-file`, accept: "audio/*,.wav,.flac,.mp3,.ogg,.opus,.m4a",
      "aria-describedby": `told-${flag}`, onchange: () => input.files?.[0] && this.ownSound(flag, input.files[0]) }));
    return [input, h("label", { class: now ? "button chosen" : "button", for: input.id, text: now || t("sound.own") })];
  }

  /** Tells what is wrong beside a control.
   * @param {string} flag
   * @param {string} text
   */
  refuse(flag, text) {
    $(`told-${flag}`).replaceChildren(h("p", { class: "refusal", text }));
  }

  /** @param {Setting} setting */
  field(setting) {
    const { flag, help } = setting;
    const text = this.text(setting, this.request.get(flag) ?? "");
    const steps = STEPS[setting.value];
    const row = steps ? [stepper(text, -1, steps, flag), text, stepper(text, 1, steps, flag)] : [text];
    return h("div", { class: "field" },
      h("label", { for: `set-${flag}`, text: label(flag) }),
      hint(flag, help), h("div", { class: "stepped" }, ...row), told(flag));
  }

  /**
   * @param {Setting} setting
   * @param {string} value
   */
  text({ flag, value: kind }, value) {
    const text = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: `set-${flag}`, "aria-label": label(flag), "aria-describedby": `hint-${flag} told-${flag}`,
      autocapitalize: "off", spellcheck: "false", inputmode: kind === "DB" ? "text" : null, size: 7,
      oninput: () => {
        const none = /** @type {HTMLInputElement | null} */ (document.getElementById(`set-${flag}-none`));
        for (const box of document.getElementsByName(flag)) /** @type {HTMLInputElement} */ (box).checked = false;
        if (none) none.checked = !text.value.trim();
        this.set(flag, text.value.trim() || null);
      } }));
    text.value = value;
    return text;
  }

  voice() {
    const select = /** @type {HTMLSelectElement} */ (h("select", { id: "set-voice", onchange: () => {
      this.request.voice = select.value;
      this.changed();
    } }, ...Object.entries(VOICES).map(([id, { name }]) => h("option", { value: id, text: name }))));
    select.value = this.request.voice;
    return h("div", { class: "field" }, h("label", { for: "set-voice", text: t("voice") }), select, told("voice"));
  }

  /** Minutes by zone; and what is more exact than a zone, in the words of the flag. */
  zones() {
    const names = this.shape.zones.map(({ name }) => `${name}=`);
    const others = this.request.flags.filter(([flag, value]) => flag === "zone" && !names.some((name) => value.startsWith(name)));
    const more = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: "set-zone-more", autocapitalize: "off", spellcheck: "false",
      "aria-describedby": "hint-zone-more told-zone", onchange: () => {
        const values = more.value.split(/\s+/).filter((value) => value);
        this.request.flags = this.request.flags.filter((flag) => !others.includes(flag));
        others.splice(0, others.length, ...values.map((value) => /** @type {[string, string]} */ (["zone", value])));
        this.request.flags.push(...others);
        this.changed();
      } }));
    more.value = others.map(([, value]) => value).join(" ");
    return h("fieldset", { class: "field" },
      h("legend", { text: t("zones") }),
      h("p", { class: "hint", id: "hint-zone", text: t("zones.hint") }),
      ...[...this.shape.zones].reverse().map((zone) => this.zone(zone)),
      told("zone"),
      h("label", { for: "set-zone-more", text: t("zone.more") }),
      h("p", { class: "hint", id: "hint-zone-more", text: t("zone.more.hint") }), more);
  }

  /** @param {Shape["zones"][number]} zone */
  zone({ name, title, lasts }) {
    const id = `set-zone-${name}`;
    const now = this.request.part("zone", name);
    const set = (/** @type {string | null} */ value) => {
      this.request.setPart("zone", name, value);
      this.changed();
    };
    const text = /** @type {HTMLInputElement} */ (h("input", { type: "text", id, size: 6, "aria-label": t("zone.of", { zone: title }), "aria-describedby": "hint-zone told-zone",
      placeholder: [...new Set([lasts[0], lasts.at(-1)])].join("–"), autocapitalize: "off", spellcheck: "false",
      oninput: () => set(text.value.trim() || null) }));
    const off = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: `${id}-off`, "aria-label": `${t("zone.off")}: ${title}`, onchange: () => {
      text.value = "";
      text.disabled = off.checked;
      set(off.checked ? "off" : null);
    } }));
    off.checked = now === "off";
    text.disabled = off.checked;
    text.value = off.checked ? "" : now ?? "";
    const step = (/** @type {number} */ sign) => h("button", { type: "button", class: "step", "aria-label": t(sign < 0 ? "zone.shorter" : "zone.longer", { zone: title }),
      text: sign < 0 ? "−" : "+", onclick: () => {
        text.value = stepped(text.value, sign);
        off.checked = text.disabled = false;
        set(text.value || null);
      } });
    return h("div", { class: "zone" },
      h("div", { class: "zone-what" },
        h("span", { class: "zone-name" }, h("i", { class: `swatch zone-${name}` }), title),
        h("label", { class: "check" }, off, h("span", { text: t("zone.off") }))),
      h("span", { class: "stepped" }, step(-1), text, step(1)));
  }

  pace() {
    const now = this.request.flags.find(([flag, value]) => flag === "pace" && !value.includes("="))?.[1] ?? "";
    const setAll = (/** @type {string} */ factor) => {
      this.request.flags = this.request.flags.filter(([flag, value]) => flag !== "pace" || value.includes("="));
      if (factor) this.request.flags.push(["pace", factor]);
      this.changed();
    };
    const pill = (/** @type {string} */ factor, /** @type {string} */ text) => {
      const box = /** @type {HTMLInputElement} */ (h("input", { type: "radio", name: "pace", id: `set-pace-${factor || "none"}`, value: factor, onchange: () => setAll(factor) }));
      box.checked = now === factor;
      return h("label", { class: "pill" }, box, h("span", { text }));
    };
    const known = FACTORS.some(([factor]) => factor === now) || !now;
    return h("fieldset", { class: "field" },
      h("legend", { text: t("pace") }),
      h("p", { class: "hint", id: "hint-pace", text: t("pace.hint") }),
      h("div", { class: "pills" }, pill("", t("as.written")),
        ...FACTORS.map(([factor, key]) => pill(factor, t(/** @type {any} */ (key)))),
        known ? null : pill(now, now)),
      ...this.shape.techniques.map((technique) => this.technique(technique)),
      told("pace"));
  }

  /** @param {Shape["techniques"][number]} technique */
  technique({ name, title, per_minute }) {
    const text = /** @type {HTMLInputElement} */ (h("input", { type: "text", inputmode: "decimal", size: 5, id: `set-pace-of-${name}`, placeholder: String(per_minute),
      "aria-describedby": "told-pace", oninput: () => {
        this.request.setPart("pace", name, text.value.trim() || null);
        this.changed();
      } }));
    text.value = this.request.part("pace", name) ?? "";
    return h("div", { class: "zone" },
      h("label", { class: "zone-what", for: text.id, text: t("pace.of", { technique: title }) }), text);
  }

  /**
   * @param {string} flag
   * @param {string | null} value
   */
  set(flag, value) {
    this.request.set(flag, value);
    this.changed();
  }

  /** Shows what the engine tells of flags beside their controls.
   * @param {import("./refusal.js").Mistake[]} mistakes
   * @returns {{ id: string, text: string }[]} each with the id of its control
   */
  tell(mistakes) {
    for (const place of document.querySelectorAll(".told")) place.replaceChildren();
    for (const control of document.querySelectorAll("#settings [aria-invalid]")) control.removeAttribute("aria-invalid");
    const told = [];
    for (const mistake of mistakes) {
      const { flag, value, stops } = mistake;
      const name = flag?.replace(/^--/, "");
      const place = name && document.getElementById(`told-${name}`);
      if (!name || !place) continue;
      place.append(refusal(mistake, this));
      const control = this.controlOf(name, value ?? "");
      if (stops) control?.setAttribute("aria-invalid", "true");
      const group = /** @type {HTMLDetailsElement | null} */ (place.closest("details"));
      if (stops && group) group.open = true;
      told.push({ id: control?.id ?? place.id, text: inWords(mistake, this) });
    }
    return told;
  }

  /**
   * @param {string} flag
   * @param {string} value
   */
  controlOf(flag, value) {
    const part = value.split("=")[0];
    const ids = [`set-${flag}-${part}`, `set-${flag}-of-${part}`, `set-${flag}-more`, `set-${flag}`, `set-${flag}-none`];
    return ids.map((id) => document.getElementById(id)).find((control) => control) ?? null;
  }
}

/**
 * @param {HTMLInputElement} text
 * @param {number} sign
 * @param {(value: string, sign: number) => string} step
 * @param {string} flag
 */
function stepper(text, sign, step, flag) {
  return h("button", { type: "button", class: "step", "aria-label": `${label(flag)}: ${t(sign < 0 ? "less" : "more")}`,
    text: sign < 0 ? "−" : "+", onclick: () => {
      text.value = step(text.value, sign);
      text.dispatchEvent(new Event("input"));
    } });
}

/** The words that a setting can be; more than those where its examples are no words.
 * @param {Setting} setting
 */
function wordsOf({ choices, examples }) {
  const word = (/** @type {string} */ text) => /^[a-z]+$/.test(text);
  return choices.length ? choices : examples.some((text) => word(text) && text !== "off") ? examples.filter(word) : [];
}

/** @param {string} flag */
const label = (flag) => tMaybe(`set.${flag}`, flag.replaceAll("-", " "));

/** @param {string} flag @param {string} help */
const hint = (flag, help) => h("p", { class: "hint", id: `hint-${flag}`, text: tMaybe(`hint.${flag}`, help) });

/** @param {string} flag */
const told = (flag) => h("div", { class: "told", id: `told-${flag}` });
