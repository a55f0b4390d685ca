// The page's side of a worker: asks, and gets an answer or an error. A worker whose engine
// trapped is replaced.

import { NoClip, Refused, Trapped } from "./errors.js";

/** @typedef {{
 *   resolve: (value: any) => void,
 *   reject: (why: Error) => void,
 *   progress?: (share: number) => void,
 *   clock: number,
 * }} Asked
 */

/** The longest that an engine may think without a word. */
const PATIENCE_MS = 120_000;

export class EngineClient {
  /** @param {() => void} replaced is called when a new worker has taken the place of one */
  constructor(replaced) {
    this.replaced = replaced;
    /** @type {Map<number, Asked>} */
    this.open = new Map();
    this.count = 0;
    /** Why nobody answers here any more.
     * @type {Error | null}
     */
    this.ended = null;
    this.worker = this.started();
  }

  started() {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => this.hears(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.replace(event.message || "the engine could not start");
    };
    return worker;
  }

  /**
   * @param {string} kind
   * @param {object} ask
   * @param {(share: number) => void} [progress]
   * @returns {Promise<any>}
   */
  ask(kind, ask = {}, progress) {
    if (this.ended) return Promise.reject(this.ended);
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.open.set(id, { resolve, reject, progress, clock: this.clock() });
      this.worker.postMessage({ id, kind, ...ask });
    });
  }

  clock() {
    return setTimeout(() => this.replace("the engine did not answer"), PATIENCE_MS);
  }

  /**
   * Lets the worker answer somebody else.
   * @param {object} message
   * @param {MessagePort} port
   */
  pass(message, port) {
    this.worker.postMessage({ id: 0, ...message }, [port]);
  }

  /** @param {any} data */
  hears(data) {
    const asked = this.open.get(data.id);
    clearTimeout(asked?.clock);
    if (data.progress !== undefined) {
      if (asked) asked.clock = this.clock();
      return asked?.progress?.(data.progress);
    }
    this.open.delete(data.id);
    if (data.trapped) {
      asked?.reject(new Trapped(data.error, data.clip?.name));
      return this.replace(data.error, data.clip?.name);
    }
    if (!asked) return undefined;
    if (data.refused) return asked.reject(new Refused(data.refused));
    if (data.clip) return asked.reject(new NoClip(data.clip.name, data.clip.isThere, data.error));
    if (data.error !== undefined) return asked.reject(new Error(data.error));
    return asked.resolve(data.value);
  }

  /**
   * @param {string} why
   * @param {string} [clip]
   */
  replace(why, clip) {
    this.end(new Trapped(why, clip));
    this.ended = null;
    this.worker = this.started();
    this.replaced();
  }

  /** Ends the worker, whatever it does.
   * @param {Error} why is told to whoever waits for it
   */
  end(why) {
    this.ended = why;
    this.worker.terminate();
    const open = [...this.open.values()];
    this.open.clear();
    for (const { reject, clock } of open) {
      clearTimeout(clock);
      reject(why);
    }
  }
}
