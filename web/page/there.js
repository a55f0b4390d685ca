// The server that sent the page answers, by its addresses alone: no Worker, no storage.

import { Cancelled, NoAnswer, Outdated, Refused } from "./errors.js";
import { BASE, random } from "./places.js";

/** @typedef {import("./request.js").Request} Request */
/** @typedef {import("./answers.js").Made} Made */

/** First its routine file may be lost, and then the sounds that this names. */
const MOST_TRIES = 2;

export class There {
  /** @param {(share: number | null) => void} waits */
  constructor(waits) {
    this.waits = waits;
    // A whole WAV file does not belong into the memory of a phone.
    this.whole = "mp3";
    /** The routine file of the person's own that the server has, and what it is called there. */
    this.given = { text: "", id: "" };
    /** What is wanted. */
    this.query = "";
    this.viewed = "";
    /** Sounds of the person's own, which a server may forget.
     * @type {Map<string, ArrayBuffer>}
     */
    this.sounds = new Map();
    /** @type {Map<string, Made>} */
    this.files = new Map();
    /** @type {AbortController | null} */
    this.making = null;
  }

  /** @param {string} voice */
  async about(voice) {
    return (await got(`about.json?${new URLSearchParams({ voice })}`)).json();
  }

  /**
   * @param {Request} request
   * @param {number} width
   */
  async view(request, width) {
    for (let again = 0; ; again += 1) {
      try {
        return await this.seen(request, width);
      } catch (error) {
        if (!(error instanceof Refused) || again === MOST_TRIES || !(await this.gaveAgain(error.why, request))) throw error;
      }
    }
  }

  /**
   * @param {Request} request
   * @param {number} width
   */
  async seen(request, width) {
    this.viewed = await this.queryOf(request);
    return (await got(`view.json?${this.viewed}&width=${width}`)).json();
  }

  /** Whether the server may have forgotten what it was given, which it has again now.
   * @param {any} why
   * @param {Request} request
   */
  async gaveAgain(why, request) {
    const names = ["--ticks", "--bed"].flatMap((flag) => why.mistakes.filter((/** @type {any} */ one) => one.flag === flag).map((/** @type {any} */ { value }) => value));
    const sounds = [...this.sounds].filter(([name]) => names.includes(name));
    for (const [name, bytes] of sounds) await put(`sound/${encodeURIComponent(name)}`, bytes);
    // A file with mistakes is there; one that is not has none.
    const lost = request.text !== null && !why.mistakes.length;
    if (lost) this.given = { text: "", id: "" };
    return lost || sounds.length > 0;
  }

  /** The request as addresses say it; the server has its routine file.
   * @param {Request} request
   */
  async queryOf(request) {
    if (request.text !== null && request.text !== this.given.text) {
      const id = random();
      await put(`own/${id}`, request.text);
      this.given = { text: request.text, id };
    }
    return request.query(this.given.id);
  }

  /** @param {string} text */
  async qr(text) {
    return (await got(`qr.svg?${new URLSearchParams({ text })}`)).text();
  }

  /** @param {string} name */
  async file(name) {
    return (await got(`${name}?${this.viewed}`)).blob();
  }

  /**
   * @param {string} name
   * @param {ArrayBuffer} bytes
   */
  async own(name, bytes) {
    await put(`sound/${encodeURIComponent(name)}`, bytes);
    this.sounds.set(name, bytes);
    this.query = "";
  }

  /** @param {Request} request */
  want(request) {
    const query = request.query(this.given.id);
    if (query === this.query) return;
    this.query = query;
    for (const { url } of this.files.values()) URL.revokeObjectURL(url);
    this.files.clear();
  }

  async ready() {
    // Whoever reads from the track waits for it.
    this.waits(null);
  }

  async settle() {
    await this.ready();
  }

  now() {
    return this.files.get(this.whole)?.url ?? address("wav", this.query);
  }

  async source() {
    return this.now();
  }

  /**
   * @param {string} ending
   * @param {string} name
   */
  async download(ending, name) {
    return address(ending, `${this.query}&save=${encodeURIComponent(name)}`);
  }

  /** @param {string} ending */
  made(ending) {
    return this.files.get(ending) ?? null;
  }

  /**
   * @param {string} ending
   * @param {(share: number) => void} progress
   */
  async make(ending, progress) {
    const known = this.files.get(ending);
    if (known) return known;
    const { query } = this;
    this.making = new AbortController();
    progress(0);
    try {
      const file = await whole(await got(address(ending, query), { signal: this.making.signal }), progress);
      if (query !== this.query) throw new Outdated("another session is shown");
      const made = { url: URL.createObjectURL(file), file };
      this.files.set(ending, made);
      return made;
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AbortError") throw new Cancelled("cancelled");
      throw error;
    }
  }

  cancel() {
    this.making?.abort();
  }
}

/**
 * @param {string} ending
 * @param {string} query
 */
function address(ending, query) {
  return new URL(`track.${ending}?${query}`, BASE).href;
}

/** An answer that is what was asked for; or what the server tells of it.
 * @param {string} what
 * @param {RequestInit} [options]
 */
async function got(what, options) {
  const response = await fetch(new URL(what, BASE), options).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new NoAnswer(error.message);
  });
  if (response.ok) return response;
  if (response.status === 422) throw new Refused(await response.json());
  throw new Error((await response.text()).trim() || `the server says ${response.status}`);
}

/**
 * @param {string} what
 * @param {string | ArrayBuffer} body
 */
function put(what, body) {
  return got(what, { method: "PUT", body });
}

/** All that an answer brings.
 * @param {Response} response
 * @param {(share: number) => void} progress
 */
async function whole(response, progress) {
  const size = Number(response.headers.get("Content-Length"));
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  const parts = [];
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    if (size) progress(bytes / size);
  }
  return new Blob(parts, { type: response.headers.get("Content-Type") ?? "" });
}
