// Listening: a plain audio element, whose track comes from the service worker bit by bit, or
// from a file that was made before.

import { $, clock } from "./dom.js";
import { pointAt } from "./plan-view.js";
import { t } from "./texts.js";

const SKIP_SECONDS = 15;

export class Player {
  /**
   * @param {() => string | null} now gives the address of the current track, if it has one already
   * @param {() => Promise<string>} source makes one
   */
  constructor(now, source) {
    this.now = now;
    this.source = source;
    /** @type {any} */
    this.view = null;
    this.stale = true;
    this.waits = false;
    /** Where to go once the track is there. */
    this.wanted = 0;
    /** The beginning of the newest wish to play. */
    this.wish = 0;
    this.audio = /** @type {HTMLAudioElement} */ ($("audio"));
    for (const id of ["play", "follow-play"]) $(id).addEventListener("click", () => this.toggle());
    $("back").addEventListener("click", () => this.seek(this.at() - SKIP_SECONDS));
    $("forward").addEventListener("click", () => this.seek(this.at() + SKIP_SECONDS));
    $("seek").addEventListener("input", () => this.seek(Number($("seek").value)));
    for (const kind of ["play", "pause", "ended"]) this.audio.addEventListener(kind, () => this.tell());
    this.audio.addEventListener("timeupdate", () => this.move());
    this.audio.addEventListener("seeked", () => this.move());
    // The next tap tries again; why it failed was told by whoever made the track.
    this.audio.addEventListener("error", () => {
      this.wanted = this.at();
      this.stale = true;
      this.tell();
    });
    this.media();
  }

  /** Another session: its sound is asked for once somebody listens.
   * @param {any} view
   */
  show(view) {
    const at = this.at();
    this.audio.pause();
    this.view = view;
    this.stale = true;
    const lasts = view.frames / view.rate;
    $("seek").max = String(Math.floor(lasts));
    $("player").hidden = false;
    this.wanted = at < lasts ? at : 0;
    this.move();
    this.tell();
  }

  /** The same session from another place, such as a file that was made. */
  renew() {
    const [at, plays] = [this.at(), !this.audio.paused];
    this.stale = true;
    this.wanted = at;
    if (plays) this.play();
  }

  at() {
    return this.stale ? this.wanted : this.audio.currentTime;
  }

  toggle() {
    if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  /** @param {number} seconds */
  async seek(seconds) {
    const end = this.view ? this.view.frames / this.view.rate : 0;
    this.wanted = Math.min(Math.max(0, seconds), Math.max(0, end - 0.1));
    if (!this.stale) this.audio.currentTime = this.wanted;
    this.move();
  }

  /** @param {number} seconds */
  async playFrom(seconds) {
    await this.seek(seconds);
    await this.play();
  }

  async play() {
    const wish = ++this.wish;
    if (this.stale) {
      // Without waiting where that can be: a phone plays only while it still knows of the tap.
      const source = this.now() ?? (await this.source().catch(() => null));
      // Somebody has asked for something else meanwhile, or has been told why there is none.
      if (!source || wish !== this.wish) return;
      const at = this.wanted;
      this.audio.src = source;
      this.stale = false;
      this.audio.currentTime = at;
    }
    // A browser that wants another tap says so by a rejection; the button stays as it is.
    await this.audio.play().catch(() => {});
    this.tell();
  }

  tell() {
    const plays = !this.audio.paused;
    for (const id of ["play", "follow-play"]) {
      $(id).setAttribute("aria-label", t(plays ? "pause" : "play"));
      $(id).classList.toggle("plays", plays);
    }
    if ("mediaSession" in navigator) navigator.mediaSession.playbackState = plays ? "playing" : "paused";
  }

  /** The sound is being made ready, or is there.
   * @param {boolean} waits
   */
  wait(waits) {
    this.waits = waits;
    $("player").classList.toggle("waits", waits);
    if (waits) $("now").textContent = t("sound.wait");
    else this.move();
  }

  move() {
    if (!this.view) return;
    const [at, lasts] = [this.at(), this.view.frames / this.view.rate];
    const chapter = this.chapter(at);
    const left = t("left", { time: clock(lasts - at) });
    $("seek").value = String(Math.floor(at));
    $("seek").setAttribute("aria-valuetext", `${clock(at)}, ${chapter}`);
    $("passed").textContent = clock(at);
    $("remaining").textContent = left;
    if (!this.waits) $("now").textContent = chapter;
    pointAt(this.view, at);
    this.session(chapter, at, lasts);
  }

  /** @param {number} seconds */
  chapter(seconds) {
    const frame = seconds * this.view.rate;
    return this.view.chapters.findLast((/** @type {any} */ [at]) => at <= frame)?.[1] ?? this.view.title;
  }

  /** @param {number} sign */
  chapterStep(sign) {
    const frame = this.at() * this.view.rate;
    const starts = this.view.chapters.map((/** @type {any} */ [at]) => at);
    // Back goes to the beginning of this one first, as players do.
    const to = sign > 0 ? starts.find((/** @type {number} */ at) => at > frame + 1)
      : starts.findLast((/** @type {number} */ at) => at < frame - 2 * this.view.rate) ?? 0;
    if (to !== undefined) this.seek(to / this.view.rate);
  }

  /** What the lock screen shows and does. */
  media() {
    if (!("mediaSession" in navigator)) return;
    /** @type {Record<string, (details: any) => void>} */
    const actions = {
      play: () => this.play(),
      pause: () => this.audio.pause(),
      seekbackward: (details) => this.seek(this.at() - (details.seekOffset ?? SKIP_SECONDS)),
      seekforward: (details) => this.seek(this.at() + (details.seekOffset ?? SKIP_SECONDS)),
      seekto: (details) => this.seek(details.seekTime ?? 0),
      previoustrack: () => this.chapterStep(-1),
      nexttrack: () => this.chapterStep(1),
    };
    for (const [action, act] of Object.entries(actions)) {
      try {
        navigator.mediaSession.setActionHandler(/** @type {MediaSessionAction} */ (action), act);
      } catch {
        // Not every browser knows every action.
      }
    }
  }

  /**
   * @param {string} chapter
   * @param {number} at
   * @param {number} lasts
   */
  session(chapter, at, lasts) {
    if (!("mediaSession" in navigator) || this.stale) return;
    const session = navigator.mediaSession;
    if (session.metadata?.title !== chapter) {
      session.metadata = new MediaMetadata({ title: chapter, artist: this.view.title, album: "effleurage" });
    }
    session.setPositionState?.({ duration: Math.max(lasts, at), position: at, playbackRate: 1 });
  }
}
