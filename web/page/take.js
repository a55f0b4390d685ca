// What a person takes along: the track, and what is made of the plan.

import { $, h, megabytes } from "./dom.js";
import { BASE, controlled } from "./sound.js";
import { t } from "./texts.js";

/** Before a saved file's address is taken back, the browser must have opened it. */
const KEEP_MS = 60_000;

export class Take {
  /**
   * @param {import("./sound.js").Sound} sound
   * @param {import("./player.js").Player} player
   * @param {(name: string) => Promise<Uint8Array<ArrayBuffer>>} file makes a file of the plan
   * @param {() => { own: boolean, address: string }} link
   * @param {(text: string) => Promise<string>} qr makes a QR code
   */
  constructor(sound, player, file, link, qr) {
    this.sound = sound;
    this.player = player;
    /** @type {any} */
    this.view = null;
    $("take-save").addEventListener("click", () => this.works(() => this.save()));
    $("take-ready").addEventListener("click", () => this.works(() => this.make()));
    $("take-share").addEventListener("click", () => this.works(() => this.share()));
    $("take-cancel").addEventListener("click", () => this.sound.cancel());
    $("take-link").addEventListener("click", () => this.works(() => this.link(link())));
    $("take-qr").addEventListener("click", () => this.works(() => this.code(link(), qr)));
    for (const [id, name, type] of FILES) {
      $(id).addEventListener("click", () => this.works(async () => {
        const bytes = await file(name);
        offer(new Blob([bytes], { type }), this.name(name.split(".")[1]));
      }));
    }
    const probe = new File(["x"], "x.wav", { type: "audio/wav" });
    $("take-share").hidden = !navigator.canShare?.({ files: [probe] });
  }

  /** @param {any} view */
  show(view) {
    this.view = view;
    $("take").hidden = false;
    $("take-save").textContent = t("take.save", { size: megabytes(view.frames * 2) });
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
      const text = message === "cancelled" || name === "AbortError" ? t("take.cancelled")
        : t(full ? "take.full" : "take.failed", { why: message });
      $("take-told").replaceChildren(h("p", { class: "advice", text }));
    } finally {
      $("take-progress").hidden = true;
    }
  }

  /** The service worker hands the track to the browser's own download, as it is made. */
  async save() {
    const { number } = await this.sound.ready();
    if (await controlled()) {
      h("a", { href: this.sound.address(number, this.name("wav")) }).click();
      return;
    }
    const { file } = await this.sound.make((share) => this.progress(share));
    offer(file, this.name("wav"));
  }

  async make() {
    await this.sound.make((share) => this.progress(share));
    this.player.renew();
    return t("take.ready.done");
  }

  async share() {
    const { file } = await this.sound.make((share) => this.progress(share));
    await navigator.share({ files: [new File([file], this.name("wav"), { type: "audio/wav" })], title: this.view.title });
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
   * @param {(text: string) => Promise<string>} qr
   */
  async code({ own, address }, qr) {
    if (own) return t("take.link.own");
    const code = new DOMParser().parseFromString(await qr(new URL(address, BASE).href), "image/svg+xml");
    const picture = h("div", { id: "qr", role: "img", "aria-label": t("take.qr.hint") }, document.importNode(code.documentElement, true));
    return h("div", {}, picture, h("p", { class: "hint", text: t("take.qr.hint") }));
  }

  /** @param {number} share */
  progress(share) {
    $("take-progress").hidden = false;
    $("take-bar").value = share;
  }
}

/** The buttons, the engine's names, and what they are. */
const FILES = [
  ["take-card", "card.pdf", "application/pdf"],
  ["take-captions", "captions.vtt", "text/vtt"],
  ["take-routine", "routine.toml", "application/toml"],
  ["take-drawing", "plan.svg", "image/svg+xml"],
];

/**
 * @param {Blob} blob
 * @param {string} name
 */
function offer(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
