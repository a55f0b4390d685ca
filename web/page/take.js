// What a person takes along: the track, and what is made of the plan.

import { $, h, megabytes } from "./dom.js";
import { Cancelled, Outdated } from "./errors.js";
import { BASE } from "./places.js";
import { t } from "./texts.js";

/** Before a saved file's address is taken back, the browser must have opened it. */
const KEEP_MS = 60_000;
/** What is handed to other programs of a phone: small, and played by all of them. */
const SHARED = "mp3";
/** Bytes a second: exactly, and nearly. */
const WAV_BYTES = 2 * 44_100;
const MP3_BYTES = 6250;

/** What each kind of sound is. */
const SOUNDS = { wav: "audio/wav", mp3: "audio/mpeg", opus: "audio/ogg", flac: "audio/flac" };

export class Take {
  /**
   * @param {import("./answers.js").Answers} answers
   * @param {import("./player.js").Player} player
   * @param {() => { own: boolean, address: string }} link
   */
  constructor(answers, player, link) {
    this.answers = answers;
    this.player = player;
    /** @type {any} */
    this.view = null;
    for (const ending of Object.keys(SOUNDS)) {
      $(`take-${ending}`).addEventListener("click", () => this.works(() => this.save(ending)));
    }
    $("take-ready").addEventListener("click", () => this.works(() => this.make()));
    $("take-share").addEventListener("click", () => this.works(() => this.share()));
    $("take-cancel").addEventListener("click", () => this.answers.cancel());
    $("take-link").addEventListener("click", () => this.works(() => this.link(link())));
    $("take-qr").addEventListener("click", () => this.works(() => this.code(link())));
    for (const [id, name] of FILES) {
      $(id).addEventListener("click", () => this.works(async () => {
        offer(URL.createObjectURL(await answers.file(name)), this.name(name.split(".")[1]));
      }));
    }
    const probe = new File(["x"], `x.${SHARED}`, { type: SOUNDS[SHARED] });
    $("take-share").hidden = !navigator.canShare?.({ files: [probe] });
  }

  /** @param {any} view */
  show(view) {
    this.view = view;
    $("take").hidden = false;
    const size = (/** @type {number} */ bytes) => megabytes(bytes * (view.frames / view.rate));
    $("take-mp3").textContent = t("take.mp3", { size: size(MP3_BYTES) });
    $("take-wav").textContent = t("take.wav", { size: size(WAV_BYTES) });
    $("take-told").replaceChildren();
  }

  /** @param {string} ending */
  name(ending) {
    return `${this.view.routine}.${ending}`;
  }

  /** Does something that may fail, and tells.
   * @param {() => Promise<string | Node | void>} work
   */
  async works(work) {
    $("take-told").replaceChildren();
    try {
      const told = await work();
      if (told) $("take-told").replaceChildren(told instanceof Node ? told : h("p", { text: told }));
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      const full = /quota|space|storage/i.test(name + message);
      const ended = error instanceof Cancelled || error instanceof Outdated || name === "AbortError" || message === "cancelled";
      const text = ended ? t("take.cancelled") : t(full ? "take.full" : "take.failed", { why: message });
      $("take-told").replaceChildren(h("p", { class: "advice", text }));
    } finally {
      $("take-progress").hidden = true;
    }
  }

  /** Where there is an address, the browser saves the file by itself, as it is made.
   * @param {string} ending
   */
  async save(ending) {
    const name = this.name(ending);
    const address = await this.answers.download(ending, name);
    if (address) {
      h("a", { href: address }).click();
      return;
    }
    const { url } = await this.made(ending);
    h("a", { href: url, download: name }).click();
  }

  async make() {
    await this.made(this.answers.whole);
    this.player.renew();
    return t("take.ready.done");
  }

  /** A phone shares only right after a tap, so what takes long wants a second one. */
  async share() {
    const { file } = await this.made(SHARED);
    const files = [new File([file], this.name(SHARED), { type: SOUNDS[SHARED] })];
    try {
      await navigator.share({ files, title: this.view.title });
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "NotAllowedError") throw error;
      return t("take.share.again");
    }
    return undefined;
  }

  /** @param {string} ending */
  made(ending) {
    return this.answers.make(ending, (share) => this.progress(share));
  }

  /** @param {{ own: boolean, address: string }} link */
  async link({ own, address }) {
    if (own) return t("take.link.own");
    const url = new URL(address, BASE).href;
    const copied = await navigator.clipboard?.writeText(url).then(() => true, () => false);
    if (copied) return t("take.link.done");
    const field = h("input", { type: "text", readonly: true, value: url, "aria-label": t("take.link.manual") });
    return h("p", {}, `${t("take.link.manual")} `, field);
  }

  /**
   * The link for the camera of another device.
   * @param {{ own: boolean, address: string }} link
   */
  async code({ own, address }) {
    if (own) return t("take.link.own");
    const code = new DOMParser().parseFromString(await this.answers.qr(new URL(address, BASE).href), "image/svg+xml");
    const picture = h("div", { id: "qr", role: "img", "aria-label": t("take.qr.hint") }, document.importNode(code.documentElement, true));
    return h("div", {}, picture, h("p", { class: "hint", text: t("take.qr.hint") }));
  }

  /** @param {number} share */
  progress(share) {
    $("take-progress").hidden = false;
    $("take-bar").value = share;
  }
}

/** The buttons, and how the files are called that they make. */
const FILES = [
  ["take-card", "card.pdf"],
  ["take-captions", "captions.vtt"],
  ["take-routine", "routine.toml"],
  ["take-drawing", "plan.svg"],
];

/**
 * @param {string} url
 * @param {string} name
 */
function offer(url, name) {
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
