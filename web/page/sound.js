// The sound of the session that is shown: made ready by a worker of its own, and reached by
// the service worker, or as a file.

import { EngineClient } from "./engine-client.js";

/** This tab, among others that the service worker serves. */
export const TAB = crypto.randomUUID();
/** Where the page lies. */
export const BASE = new URL("../../", import.meta.url);
/** How long a first visit may wait until the service worker is there. */
const CONTROL_MS = 4000;
const CHUNK = 1 << 20;
/** How many clips are fetched at a time while nobody waits for them. */
const KEEP_AT_ONCE = 4;

// Held as long as the tab lives, so that another tab knows whose files it may clear away.
navigator.locks?.request(`tab-${TAB}`, () => new Promise(() => {}));

export class Sound {
  /**
   * @param {WebAssembly.Module} compiled
   * @param {Map<string, ArrayBuffer>} sounds of the person's own
   * @param {(share: number | null) => void} waits is told how far the sound is, and null once it is there
   */
  constructor(compiled, sounds, waits) {
    this.compiled = compiled;
    this.sounds = sounds;
    this.waits = waits;
    this.number = 0;
    /** @type {{ voice: object, request: object, says: string[], first: string[] } | null} */
    this.wanted = null;
    /** @type {{ number: number, size: number } | null} */
    this.opened = null;
    /** @type {Promise<any>} */
    this.running = Promise.resolve();
    /** @type {{ number: number, url: string, file: Blob } | null} */
    this.file = null;
    /** @type {{ number: number, file: Promise<{ number: number, url: string, file: Blob }> } | null} */
    this.making = null;
    /** @type {Promise<any> | null} */
    this.started = null;
    this.client = new EngineClient(() => {
      this.started = null;
      this.opened = null;
    });
  }

  /** Another session is shown.
   * @param {{ voice: object, request: object, says: string[], first: string[] }} wanted
   */
  want(wanted) {
    this.number += 1;
    this.wanted = wanted;
    if (this.file) URL.revokeObjectURL(this.file.url);
    this.file = null;
  }

  async start() {
    await this.client.ask("start", { compiled: this.compiled });
    for (const [name, bytes] of this.sounds) await this.client.ask("sound", { name, bytes });
  }

  /** The session, ready; one after the other, and only the newest. */
  async ready() {
    const number = this.number;
    const before = this.running;
    const mine = before.catch(() => {}).then(() => this.open(number));
    this.running = mine;
    return mine;
  }

  /** @param {number} number */
  async open(number) {
    if (number !== this.number || !this.wanted) throw new Error("another session is shown");
    if (this.opened?.number === number) return this.opened;
    const { voice, request, says, first } = this.wanted;
    this.waits(0);
    try {
      this.started ??= this.start();
      await this.started;
      await this.client.ask("voice", { voice });
      const { size } = await this.client.ask("open", { request, says, first, number }, this.waits);
      this.opened = { number, size };
      return this.opened;
    } finally {
      this.waits(null);
    }
  }

  /** All of it, and what memory that took. */
  async whole() {
    const { number } = await this.ready();
    return this.client.ask("whole", { number });
  }

  /** The address of the track. */
  async source() {
    const { number } = await this.ready();
    if (this.file?.number === number) return this.file.url;
    if (await controlled()) return this.address(number);
    return (await this.make(() => {})).url;
  }

  /** The same, if it is known without waiting; whoever reads from it waits instead. */
  now() {
    if (this.file?.number === this.number) return this.file.url;
    return navigator.serviceWorker?.controller ? this.address(this.number) : null;
  }

  /**
   * @param {number} number
   * @param {string} [name] where it is to be saved as a file
   */
  address(number, name) {
    const query = new URLSearchParams({ tab: TAB, session: String(number), ...(name ? { save: name } : {}) });
    return new URL(`track.wav?${query}`, BASE).href;
  }

  /** Makes the whole file on this device.
   * @param {(share: number) => void} progress
   */
  async make(progress) {
    const { number, size } = await this.ready();
    if (this.file?.number === number) return this.file;
    // Whoever comes second sees no progress, but gets the same file.
    if (this.making?.number !== number) this.making = { number, file: this.written(number, size, progress) };
    try {
      return await this.making.file;
    } catch (error) {
      this.making = null;
      throw error;
    }
  }

  /**
   * @param {number} number
   * @param {number} size
   * @param {(share: number) => void} progress
   */
  async written(number, size, progress) {
    const file = await this.stored(number, progress).catch((error) => {
      if (!isMissing(error)) throw error;
      return this.gathered(number, size, progress);
    });
    if (number !== this.number) throw new Error("cancelled");
    this.file = { number, url: URL.createObjectURL(file), file };
    return this.file;
  }

  /**
   * In the browser's own storage, so that it is never in memory.
   * @param {number} number
   * @param {(share: number) => void} progress
   * @returns {Promise<Blob>}
   */
  stored(number, progress) {
    return this.client.ask("save", { number, tab: TAB }, progress);
  }

  /**
   * Where there is no such storage: bit by bit, which a browser may put where it likes.
   * @param {number} number
   * @param {number} size
   * @param {(share: number) => void} progress
   */
  async gathered(number, size, progress) {
    const parts = [];
    for (let at = 0; at < size; at += CHUNK) {
      const { bytes } = await this.client.ask("bytes", { number, from: at, to: at + CHUNK });
      parts.push(new Blob([bytes]));
      progress(Math.min(1, (at + CHUNK) / size));
    }
    return new Blob(parts, { type: "audio/wav" });
  }

  cancel() {
    this.client.ask("cancel").catch(() => {});
  }

  /** Answers the service worker.
   * @param {any} data
   * @param {MessagePort} port
   */
  async answer({ session, from, to }, port) {
    try {
      await this.ready();
      this.client.pass({ kind: "bytes", number: session, from, to }, port);
    } catch (error) {
      port.postMessage({ error: /** @type {Error} */ (error).message });
    }
  }
}

/** A new service worker takes over only once the old one has nothing to do. */
export const keeping = { on: true };

/**
 * Fetches all clips of a voice, so that any change works without a network later.
 * @param {string} at where the voice lies
 */
export async function keep(at) {
  if (!(await controlled())) return;
  const lengths = await (await fetch(`${at}lengths.txt`)).text();
  const names = lengths.split("\n").filter((line) => line).map((line) => `${line.split(" ")[0]}.opus`);
  const next = async () => {
    for (let name = names.shift(); name && keeping.on; name = names.shift()) {
      if (!(await caches.match(at + name))) await (await fetch(at + name)).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: KEEP_AT_ONCE }, next));
}

/** Whether the error says that this browser has no such storage.
 * @param {Error} error
 */
function isMissing(error) {
  return /not a function|undefined|not supported|insecure|denied/i.test(error.message);
}

/** Whether a service worker answers for this page; a first visit waits a little. */
export async function controlled() {
  const container = navigator.serviceWorker;
  if (!container) return false;
  if (container.controller) return true;
  return new Promise((resolve) => {
    const clock = setTimeout(() => resolve(false), CONTROL_MS);
    container.addEventListener("controllerchange", () => {
      clearTimeout(clock);
      resolve(true);
    }, { once: true });
  });
}
