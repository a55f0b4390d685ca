// Where the parts of the page meet: what is asked for, its plan, its sound.

import { answers } from "./answers.js";
import { VOICES } from "./build.js";
import { Controls } from "./controls.js";
import { $, clock, h } from "./dom.js";
import { Cancelled, NoAnswer, NoClip, Outdated, Refused, Trapped } from "./errors.js";
import { Follow } from "./follow.js";
import { Own, kept } from "./own.js";
import { showPlan } from "./plan-view.js";
import { TAB } from "./places.js";
import { Player } from "./player.js";
import { Request, read, USUAL } from "./request.js";
import { say, serve } from "./serve.js";
import { Take } from "./take.js";
import { NAMES, nearest, preferred, speak, spoken, t } from "./texts.js";

/** The sound is made ready once nothing was changed for so long. */
const SETTLED_MS = 400;
const USUAL_TEXT_PX = 16;
/** As the engine draws it. */
const NARROWEST_PX = 280;
/** As for the program. */
const LARGEST_SOUND_BYTES = 128 << 20;

document.documentElement.dataset.tab = TAB;

class Page {
  constructor() {
    this.request = new Request();
    /** @type {{ routines: any[], settings: import("./request.js").Setting[] }} */
    this.about = { routines: [], settings: [] };
    /** @type {any} the plan that is shown */
    this.view = null;
    this.answers = answers((share) => this.waits(share));
    this.controls = new Controls(this.request, () => this.changed(), (flag, file) => this.ownSound(flag, file));
    this.own = new Own((text) => this.useOwn(text), () => this.exampleText());
    this.busy = false;
    this.again = false;
    this.settled = 0;
    this.drawnWidth = 0;
    /** The voice and language of what is offered. */
    this.aboutKey = "";
    /** What the plan that is shown was asked for with. */
    this.shown = "";
  }

  async begin() {
    this.languages();
    this.player = new Player(() => {
      const now = this.answers.now();
      // What is wrong with it is told even so.
      if (now) this.source().catch(() => {});
      return now;
    }, () => this.source());
    this.follow = new Follow(this.player);
    this.take = new Take(this.answers, this.player,
      () => ({ own: this.request.text !== null, address: this.request.address() }));
    // Without a link the voice speaks the language of the reader.
    if (!location.hash) this.request.voice = voiceFor(spoken()) ?? USUAL;
    await this.voice();
    this.fromAddress();
    addEventListener("hashchange", () => location.hash !== this.request.address() && this.fromAddress());
    // The address is the request, so it must not say where the focus is.
    $("skip").addEventListener("click", (/** @type {Event} */ event) => {
      event.preventDefault();
      $("choose").focus();
    });
    $("reset").addEventListener("click", () => this.reset());
    new ResizeObserver(() => this.width() !== this.drawnWidth && this.changed()).observe($("plan"));
  }

  /** What the voice that is asked for offers, in its words. */
  async voice() {
    const key = `${this.request.voice} ${spoken()}`;
    if (this.aboutKey === key) return;
    this.about = await this.answers.about(this.request.voice);
    this.aboutKey = key;
    this.routines();
  }

  fromAddress() {
    const names = this.about.routines.map(({ name }) => name);
    const voice = location.hash ? USUAL : this.request.voice;
    const { request, unknown, own } = read(location.hash, names, Object.keys(VOICES), this.about.settings);
    Object.assign(this.request, request, location.hash ? {} : { voice });
    const text = own ? kept() : "";
    if (text) this.request.text = text;
    $("messages").replaceChildren();
    if (unknown.length) say(t("link.unknown", { what: unknown.join(", ") }));
    if (own && !text) say(t("own.link"));
    $("own").open = own;
    this.routines();
    this.controls.drawn = "";
    this.changed();
  }

  /** Something else is asked for: one plan after the other, and the newest last. */
  async changed() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    clearTimeout(this.settled);
    do {
      this.again = false;
      await this.renew();
    } while (this.again);
    this.busy = false;
    // For whoever drives the page from outside.
    document.body.dataset.planned = this.request.address();
    document.body.dataset.plans = String(Number(document.body.dataset.plans ?? 0) + 1);
    this.settled = setTimeout(() => this.prepare(), SETTLED_MS);
  }

  async renew() {
    const address = this.request.address();
    history.replaceState(null, "", address);
    $("reset").hidden = !this.request.flags.length;
    try {
      await this.voice();
      const key = JSON.stringify(this.request.asked());
      this.drawnWidth = this.width();
      // The first one is sure to be heard; later ones may be passed over.
      if (!this.view) this.begins();
      const view = await this.answers.view(this.request, this.drawnWidth);
      if (!this.again) this.show(view, key);
    } catch (error) {
      if (!this.again) this.refuse(/** @type {Error} */ (error));
    }
  }

  /**
   * @param {any} view
   * @param {string} key
   */
  show(view, key) {
    const same = key === this.shown && this.view;
    this.shown = key;
    this.view = view;
    $("refused").replaceChildren();
    $("drawing").classList.remove("stale");
    this.controls.draw(this.about.settings, view.shape, false);
    this.controls.tell(view.warnings);
    if (this.request.text === null) this.own.clear();
    else this.own.tell(view.warnings.filter((/** @type {any} */ { flag }) => flag === null));
    showPlan(view, (seconds) => this.player?.playFrom(seconds));
    this.take?.show(view);
    if (same) return this.player?.move();
    this.answers.want(this.request);
    this.player?.show(view);
    $("sound-told").replaceChildren();
  }

  /** @param {Error} error */
  refuse(error) {
    this.shown = "";
    this.view = null;
    this.player?.audio.pause();
    $("player").hidden = true;
    $("take").hidden = true;
    $("plan-head").textContent = "";
    $("plan-tap").hidden = true;
    $("plan-more").replaceChildren();
    $("drawing").classList.add("stale");
    if (error instanceof Trapped) return $("refused").replaceChildren(h("p", { class: "refusal", text: this.whyTrapped(error) }));
    if (error instanceof NoAnswer) return $("refused").replaceChildren(h("p", { class: "refusal", text: t("server.silent") }));
    if (!(error instanceof Refused)) return $("refused").replaceChildren(h("p", { class: "refusal", text: error.message }));
    const { mistakes, text, shape } = error.why;
    this.controls.draw(this.about.settings, shape ?? this.controls.shape, false);
    const beside = this.controls.tell(mistakes);
    const inFile = mistakes.filter((/** @type {any} */ { flag }) => flag === null);
    if (this.request.text !== null) this.own.tell(inFile);
    const links = beside.map(({ id, text }) => h("li", {}, h("button", { type: "button", class: "link", text, onclick: () => $(id).focus() })));
    // A file of the person's own has its mistakes below it.
    const elsewhere = this.request.text === null ? inFile.map((/** @type {any} */ { text }) => text) : [];
    const alone = [...(text ? [text] : []), ...elsewhere];
    $("refused").replaceChildren(
      h("p", { class: "refusal", text: t(beside.length || !inFile.length ? "plan.refused" : "plan.refused.file") }),
      ...(links.length ? [h("ul", {}, ...links)] : []),
      ...alone.map((text) => h("pre", { tabindex: "0", lang: "en", text })));
  }

  /** Makes the beginning of the sound ready beside the plan. */
  begins() {
    if (savesData()) return;
    this.answers.want(this.request);
    // Whatever is wrong is told with the plan, or once somebody listens.
    this.answers.ready().catch(() => {});
  }

  /** Makes the sound ready before anybody asks, so that it starts at once; but not where data
   * is to be saved. */
  async prepare() {
    if (!this.view || savesData()) return;
    try {
      await this.source();
      await this.answers.settle();
    } catch (error) {
      this.missed(/** @type {Error} */ (error));
    }
  }

  /** The address of the track; or tells why there is none. */
  async source() {
    try {
      return await this.answers.source();
    } catch (error) {
      this.missed(/** @type {Error} */ (error));
      throw error;
    }
  }

  /** Tells of sound that cannot be had, unless nobody wants it any more.
   * @param {Error} error
   */
  missed(error) {
    if (error instanceof Outdated || error instanceof Cancelled || /no longer open/.test(error.message)) return;
    this.soundFailed(error);
  }

  /** Which recording stopped the engine, as far as anybody knows.
   * @param {Trapped} error
   */
  whyTrapped(error) {
    const own = ["ticks", "bed"].map((flag) => this.request.get(flag)).filter((value) => value?.includes("."));
    const name = error.clip || own.join(", ");
    return name ? t("engine.trapped.clip", { name }) : t("engine.trapped", { why: error.message });
  }

  /** @param {Error} error */
  soundFailed(error) {
    const text = error instanceof Trapped ? this.whyTrapped(error) : whyNoSound(error);
    const again = h("button", { type: "button", class: "quiet", text: t("sound.again"), onclick: () => {
      $("sound-told").replaceChildren();
      this.source().catch(() => {});
    } });
    $("sound-told").replaceChildren(h("p", { class: "refusal", text }), again);
  }

  /** @param {number | null} share */
  waits(share) {
    const waiting = share !== null;
    document.body.dataset.sound = waiting ? "waits" : "there";
    this.player?.wait(waiting);
  }

  routines() {
    const cards = this.about.routines.map(({ name, seconds }) => {
      const box = /** @type {HTMLInputElement} */ (h("input", { type: "radio", name: "routine", id: `routine-${name}`, value: name, onchange: () => this.choose(name) }));
      box.checked = this.request.text === null && this.request.routine === name;
      return h("label", { class: "card" }, box,
        h("span", { class: "card-title", text: t(/** @type {any} */ (`routine.${name}.title`)) }),
        h("span", { class: "card-time", text: clock(seconds) }),
        h("span", { class: "card-text", text: t(/** @type {any} */ (`routine.${name}.sentence`)) }));
    });
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.id ?? "";
    $("routines").replaceChildren(...cards);
    if (focused.startsWith("routine-")) $(focused).focus();
  }

  /** @param {string} name */
  choose(name) {
    this.request.routine = name;
    this.request.text = null;
    this.changed();
  }

  /** @param {string} text */
  useOwn(text) {
    this.request.text = text;
    this.routines();
    this.changed();
  }

  /** A sound for ticks or the background, which both engines need.
   * @param {string} flag
   * @param {File} file
   */
  async ownSound(flag, file) {
    if (file.size > LARGEST_SOUND_BYTES) return this.controls.refuse(flag, t("sound.large", { name: file.name }));
    await this.answers.own(file.name, await file.arrayBuffer());
    this.request.set(flag, file.name);
    this.controls.drawn = "";
    this.shown = "";
    return this.changed();
  }

  exampleText() {
    return this.about.routines.find(({ name }) => name === this.request.routine)?.text ?? "";
  }

  reset() {
    this.request.flags = [];
    this.controls.drawn = "";
    $("choose").focus();
    this.changed();
  }

  /** How wide the plan is drawn; it grows with the text around it. */
  width() {
    const text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_TEXT_PX;
    return Math.max(NARROWEST_PX, Math.floor($("drawing").clientWidth / text));
  }

  languages() {
    const select = $("languages");
    select.replaceChildren(...Object.entries(NAMES).map(([name, own]) => h("option", { value: name, lang: name, text: own })));
    select.value = spoken();
    select.addEventListener("change", () => this.language(select.value));
  }

  /** @param {string} name */
  async language(name) {
    // A voice that spoke the reader's language goes on to do so.
    const follows = nearest(VOICES[this.request.voice]?.language ?? "") === spoken();
    await speak(name);
    if (follows) this.request.voice = voiceFor(name) ?? this.request.voice;
    this.controls.drawn = "";
    this.player?.tell();
    this.changed();
  }
}

/** The voice that speaks a language.
 * @param {string} language
 */
function voiceFor(language) {
  return Object.keys(VOICES).find((id) => nearest(VOICES[id].language) === language);
}

/** @param {Error} error */
function whyNoSound(error) {
  if (error instanceof NoAnswer) return t("server.silent");
  if (error instanceof NoClip) return t(error.isThere ? "sound.bad" : "sound.missing", { name: error.clip });
  return t("sound.failed", { why: error.message });
}

/** Whether the reader wants that little is fetched. */
function savesData() {
  return Boolean(/** @type {any} */ (navigator).connection?.saveData);
}

const page = new Page();
await speak(preferred());
serve().catch(() => {});
page.begin().catch((error) => {
  $("plan-head").replaceChildren();
  $("refused").replaceChildren(h("p", { class: "refusal", text: t("engine.failed", { why: error.message }) }));
});
