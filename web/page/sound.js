// The sound of the session that is shown, made by a worker of its own; and reached by the
// service worker, or as a file.

import { EngineClient } from "./engine-client.js";
import { Cancelled, Outdated } from "./errors.js";
import { BASE, TAB, random } from "./places.js";

/** @typedef {{ voice: { id: string, at: string }, request: any }} Wanted */
/** @typedef {import("./answers.js").Made} Made */

/** How long a first visit may wait until the service worker is there. */
const CONTROL_MS = 4000;
const CHUNK = 1 << 20;
/** How many clips are fetched at a time while nobody waits for them. */
const KEEP_AT_ONCE = 4;
/** The kinds of file that hold one rate only. */
const ONLY_RATE = { opus: 48000 };

// Held as long as the tab lives, so that another tab knows whose files it may clear away.
navigator.locks?.request(`tab-${TAB}`, () => new Promise(() => {}));

/** Something that takes long, and that a person may stop. */
class Job {
  constructor() {
    /** Nobody else has it. */
    this.name = random();
    this.cancelled = false;
    /** Ends the work, wherever it is done. */
    this.end = () => {};
    /** @type {(why: Error) => void} */
    this.stop = () => {};
    /** Rejected once it is cancelled.
     * @type {Promise<never>}
     */
    this.stopped = new Promise((_, reject) => { this.stop = reject; });
    // Somebody may no longer be listening.
    this.stopped.catch(() => {});
  }

  cancel() {
    this.cancelled = true;
    this.stop(new Cancelled("cancelled"));
    this.end();
  }

  /** Throws where it was cancelled. */
  check() {
    if (this.cancelled) throw new Cancelled("cancelled");
  }
}

export class Sound {
  /**
   * @param {() => Promise<WebAssembly.Module>} compiled
   * @param {Map<string, ArrayBuffer>} sounds of the person's own
   * @param {(share: number | null) => void} waits is told how far the sound is, and null once it is there
   */
  constructor(compiled, sounds, waits) {
    this.compiled = compiled;
    this.sounds = sounds;
    this.waits = waits;
    this.number = 0;
    /** @type {Wanted | null} */
    this.wanted = null;
    /** @type {{ number: number, size: number } | null} */
    this.opened = null;
    /** @type {Promise<any>} */
    this.running = Promise.resolve();
    /** What was made of the session, by what its name ends in.
     * @type {Map<string, Made>}
     */
    this.files = new Map();
    /** What is being made of it.
     * @type {Map<string, Promise<Made>>}
     */
    this.making = new Map();
    /** What is being done for it, and may be stopped.
     * @type {Set<Job>}
     */
    this.jobs = new Set();
    /** @type {Promise<any> | null} */
    this.started = null;
    this.client = new EngineClient(() => {
      this.started = null;
      this.opened = null;
    });
  }

  /** Another session is shown.
   * @param {Wanted} wanted
   */
  want(wanted) {
    if (JSON.stringify(wanted) === JSON.stringify(this.wanted)) return;
    this.number += 1;
    this.wanted = wanted;
    this.cancel();
    for (const { url } of this.files.values()) URL.revokeObjectURL(url);
    this.files.clear();
    this.making.clear();
  }

  /** A sound of the person's own, perhaps another one of the same name.
   * @param {string} name
   * @param {ArrayBuffer} bytes
   */
  async own(name, bytes) {
    await this.client.ask("sound", { name, bytes });
    this.wanted = null;
  }

  start() {
    this.started ??= this.begun(this.client);
    return this.started;
  }

  /** @param {EngineClient} client */
  async begun(client) {
    await client.ask("start", { compiled: await this.compiled() });
    for (const [name, bytes] of this.sounds) await client.ask("sound", { name, bytes });
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
    const wanted = this.wanted;
    if (number !== this.number || !wanted) throw new Outdated("another session is shown");
    if (this.opened?.number === number) return this.opened;
    this.waits(0);
    try {
      await this.start();
      await this.client.ask("voice", { voice: wanted.voice });
      const { size } = await this.client.ask("open", { request: wanted.request, number });
      this.opened = { number, size };
      return this.opened;
    } finally {
      this.waits(null);
    }
  }

  /** All of it, in whose voice, and what memory that took. */
  async rest() {
    const { number } = await this.ready();
    const { voice } = /** @type {Wanted} */ (this.wanted);
    const { memory } = await this.client.ask("rest", { number });
    return { voice, memory };
  }

  /** The address of the track. */
  async source() {
    const { number } = await this.ready();
    const whole = this.files.get("wav");
    if (whole) return whole.url;
    if (await controlled()) return this.address(number);
    return (await this.make("wav", () => {})).url;
  }

  /** The same, if it is known without waiting; whoever reads from it waits instead. */
  now() {
    const whole = this.files.get("wav");
    if (whole) return whole.url;
    return navigator.serviceWorker?.controller ? this.address(this.number) : null;
  }

  /** What a browser saves by itself, while it is made.
   * @param {string} ending
   * @param {string} name
   */
  async download(ending, name) {
    if (ending !== "wav" || !(await controlled())) return null;
    const { number } = await this.ready();
    return this.address(number, name);
  }

  /**
   * @param {number} number
   * @param {string} [name] where it is to be saved as a file
   */
  address(number, name) {
    const query = new URLSearchParams({ tab: TAB, session: String(number), ...(name ? { save: name } : {}) });
    return new URL(`track.wav?${query}`, BASE).href;
  }

  /** @param {string} ending */
  made(ending) {
    return this.files.get(ending) ?? null;
  }

  /** Makes a whole file on this device. Whoever comes second sees no progress, but gets the
   * same file.
   * @param {string} ending
   * @param {(share: number) => void} progress
   */
  make(ending, progress) {
    const { number } = this;
    const begun = this.files.get(ending) ?? this.making.get(ending);
    if (begun) return Promise.resolve(begun);
    const making = this.written(number, ending, progress).finally(() => {
      if (number === this.number) this.making.delete(ending);
    });
    this.making.set(ending, making);
    return making;
  }

  /**
   * @param {number} number
   * @param {string} ending
   * @param {(share: number) => void} progress
   * @returns {Promise<Made>}
   */
  async written(number, ending, progress) {
    progress(0);
    const job = new Job();
    this.jobs.add(job);
    try {
      const work = ending === "wav" ? this.track(number, job, progress) : this.copy(number, ending, job, progress);
      // Whoever cancels does not wait until the work has noticed.
      const file = await Promise.race([work, job.stopped]);
      if (number !== this.number) throw new Outdated("another session is shown");
      const made = { url: URL.createObjectURL(file), file };
      this.files.set(ending, made);
      return made;
    } finally {
      this.jobs.delete(job);
    }
  }

  /** The track in the browser's own storage, so that it is never in memory; or, where there is
   * none, bit by bit in blobs, which a browser may put where it likes.
   * @param {number} number
   * @param {Job} job
   * @param {(share: number) => void} progress
   * @returns {Promise<Blob>}
   */
  async track(number, job, progress) {
    const { size } = await this.ready();
    job.end = () => this.client.ask("cancel", { job: job.name }).catch(() => {});
    job.check();
    const stored = await this.client.ask("save", { number, tab: TAB, job: job.name }, progress);
    if (stored) return stored;
    const parts = [];
    for (let at = 0; at < size;) {
      const { bytes } = await this.client.ask("bytes", { number, from: at, to: at + CHUNK });
      job.check();
      parts.push(new Blob([bytes]));
      at += bytes.length;
      progress(at / size);
    }
    return new Blob(parts, { type: "audio/wav" });
  }

  /** A copy, by a worker that does nothing else: so playing goes on, and cancelling is to end it.
   * @param {number} number
   * @param {string} ending
   * @param {Job} job
   * @param {(share: number) => void} progress
   * @returns {Promise<Blob>}
   */
  async copy(number, ending, job, progress) {
    const { voice, request } = /** @type {Wanted} */ (this.wanted);
    const rate = ONLY_RATE[/** @type {keyof typeof ONLY_RATE} */ (ending)] ?? request.rate;
    const copier = new EngineClient(() => {});
    job.end = () => copier.end(new Cancelled("cancelled"));
    try {
      await this.begun(copier);
      job.check();
      await copier.ask("voice", { voice });
      await copier.ask("open", { request: { ...request, rate }, number });
      return await copier.ask("copy", { number, ending, tab: TAB }, progress);
    } finally {
      job.end();
    }
  }

  cancel() {
    for (const job of this.jobs) job.cancel();
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
 * Keeps the page and all clips of a voice, so that any change works without a network later.
 * @param {string} at where the voice lies
 */
export async function keep(at) {
  if (!(await controlled())) return;
  await whole();
  const lengths = await (await fetch(`${at}lengths.txt`)).text();
  const names = lengths.split("\n").filter((line) => line).map((line) => `${line.split(" ")[0]}.opus`);
  const next = async () => {
    for (let name = names.shift(); name && keeping.on; name = names.shift()) {
      if (!(await caches.match(at + name))) await (await fetch(at + name)).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: KEEP_AT_ONCE }, next));
}

/** Until the service worker has every part of the page. */
function whole() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => (data ? reject(new Error(data)) : resolve(undefined));
    navigator.serviceWorker.controller?.postMessage("keep all", [port2]);
  });
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
