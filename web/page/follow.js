// The follow view, for those who do look: what the hands do now, big enough from two metres.

import { $, clock } from "./dom.js";
import { climbed, legs } from "./legs.js";
import { t } from "./texts.js";

/** Words stay so long after they were said. */
const LINGER_SECONDS = 4;
/** A tick is seen for so long. */
const FLASH_SECONDS = 0.25;

export class Follow {
  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.player = player;
    this.dialog = /** @type {HTMLDialogElement} */ ($("follow"));
    $("legs").append(legs());
    /** @type {any} */
    this.lock = null;
    $("follow-open").addEventListener("click", () => this.open());
    $("follow-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.sleep());
    this.awake();
  }

  open() {
    this.dialog.showModal();
    this.drawn();
  }

  drawn() {
    if (!this.dialog.open) return;
    this.show();
    requestAnimationFrame(() => this.drawn());
  }

  show() {
    const { view } = this.player;
    if (!view) return;
    const frame = this.player.at() * view.rate;
    const n = view.sections.findLastIndex((/** @type {any} */ section) => section.at <= frame);
    const section = view.sections[Math.max(0, n)];
    const words = view.words.findLast((/** @type {any} */ said) => said.at <= frame);
    const fresh = words && frame < words.at + words.frames + LINGER_SECONDS * view.rate;
    const next = view.sections.slice(n + 1).find((/** @type {any} */ one) => one.stroking || one.kind === "pause" || one.kind === "closing");
    const step = view.sections.slice(0, n + 1).findLast((/** @type {any} */ one) => one.begins)?.begins ?? view.title;
    put("follow-step", step === section.title ? "" : step);
    put("follow-where", section.title);
    put("follow-how", section.stroking ? how(section, frame, view.rate) : "");
    put("follow-words", fresh ? `“${words.text}”` : "");
    put("follow-next", next ? `${t("follow.next")}: ${next.title}` : t("follow.end"));
    put("follow-left", t("left", { time: clock((view.frames - frame) / view.rate) }));
    $("follow-words").lang = view.language;
    this.light(section.stroking ?? next?.stroking, Boolean(section.stroking), frame);
  }

  /** Lights the region that is stroked now, or, more softly, the one that comes next.
   * @param {any} stroking
   * @param {boolean} now
   * @param {number} frame
   */
  light(stroking, now, frame) {
    const picture = /** @type {SVGSVGElement} */ ($("legs").firstElementChild);
    const sides = stroking ? (stroking.leg === "both" ? ["left", "right"] : [stroking.leg]) : [];
    for (const region of picture.querySelectorAll(".region")) {
      const side = region.parentElement?.classList.contains("leg-left") ? "left" : "right";
      const here = sides.includes(side) && region.classList.contains(`region-${stroking?.zone}`);
      region.classList.toggle("lit", here && now);
      region.classList.toggle("soon", here && !now);
    }
    const hand = /** @type {SVGElement} */ (picture.querySelector(".hand"));
    const pass = now && this.pass(frame);
    const place = pass && climbed(sides[0], stroking.zone, pass.share);
    hand.classList.toggle("away", !place);
    if (!place) return;
    hand.setAttribute("transform", `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`);
    hand.classList.toggle("tick", pass.ticks);
  }

  /** How far the pass has climbed, and whether a tick sounds now.
   * @param {number} frame
   */
  pass(frame) {
    const { view } = this.player;
    const pace = view.paces.find((/** @type {any} */ one) => !one.counts_in && one.at <= frame && frame < one.at + one.frames);
    const tick = pace?.ticks[lastAt(pace.ticks, frame)];
    if (!tick) return null;
    const [at, stroke] = tick;
    const of = Math.max(1, pace.strokes_per_pass - 1);
    return { share: Math.min(1, (stroke % pace.strokes_per_pass) / of), ticks: frame - at < FLASH_SECONDS * view.rate };
  }

  /** Keeps the screen on, where that can be had. */
  awake() {
    if (!("wakeLock" in navigator)) return;
    $("awake-label").hidden = false;
    const take = async () => {
      if (!$("awake").checked || !this.dialog.open) return;
      this.lock = await navigator.wakeLock.request("screen").catch(() => null);
      $("awake").checked = Boolean(this.lock);
    };
    $("awake").addEventListener("change", () => ($("awake").checked ? take() : this.sleep()));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && take());
  }

  sleep() {
    this.lock?.release();
    this.lock = null;
  }
}

/**
 * The last tick at or before a frame; -1 where there is none.
 * @param {[number, number, boolean][]} ticks
 * @param {number} frame
 */
function lastAt(ticks, frame) {
  let [low, high] = [0, ticks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ticks[middle][0] <= frame) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * @param {any} section
 * @param {number} frame
 * @param {number} rate
 */
function how({ stroking, at, frames }, frame, rate) {
  const pressure = t(/** @type {any} */ (`follow.${stroking.pressure}`));
  return `${pressure} · ${clock((at + frames - frame) / rate + 0.99)}`;
}

/** Writes only what is new, so that nothing is read aloud or laid out twice.
 * @param {string} id
 * @param {string} text
 */
function put(id, text) {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text;
}
