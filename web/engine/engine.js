// The engine, for whoever runs JavaScript: a page, its worker, Node.

/** What the module exports; numbers only cross this border.
 * @typedef {{
 *   memory: WebAssembly.Memory,
 *   room: (bytes: number) => number,
 *   put: (name: number, nameBytes: number, file: number, fileBytes: number) => void,
 *   about: (voice: number, bytes: number) => number,
 *   plan: (request: number, bytes: number) => number,
 *   file: (name: number, bytes: number) => number,
 *   qr: (text: number, bytes: number) => number,
 *   open: (request: number, bytes: number) => number,
 *   size: () => number,
 *   lacks: (from: number, to: number) => void,
 *   make: (clip: number, bytes: number) => number,
 *   bytes: (from: number, to: number) => number,
 *   copy: (ending: number, bytes: number) => number,
 *   answer_start: () => number,
 *   answer_bytes: () => number,
 * }} Exports
 */

/** A plan is not possible; `why` is what the engine tells of it. */
export class Refused extends Error {
  /** @param {any} why */
  constructor(why) {
    super(why.text || why.mistakes.map((/** @type {any} */ mistake) => mistake.text).join("\n"));
    this.why = why;
  }
}

/** Who writes a copy, and is told how far it is. What is put comes in any order, as in a file.
 * @typedef {{ put: (bytes: Uint8Array, at: number) => void, tell: (share: number) => void }} Copying
 */

/** A session in WebAssembly. */
export class Engine {
  /** @param {WebAssembly.Module} module */
  static async start(module) {
    /** @type {Engine | undefined} */
    let engine = undefined;
    const instance = await WebAssembly.instantiate(module, { page: {
      put: (/** @type {number} */ at, /** @type {number} */ start, /** @type {number} */ bytes) => engine?.puts(at, start, bytes),
      copied: (/** @type {number} */ share) => engine?.copying?.tell(share),
    } });
    engine = new Engine(/** @type {any} */ (instance.exports));
    return engine;
  }

  /** @param {Exports} wasm */
  constructor(wasm) {
    this.wasm = wasm;
    /** @type {Copying | null} */
    this.copying = null;
  }

  /**
   * Keeps a file of the voice.
   * @param {string} name
   * @param {Uint8Array} bytes
   */
  put(name, bytes) {
    const file = this.given(bytes);
    const [start, length] = this.given(new TextEncoder().encode(name));
    this.wasm.put(start, length, ...file);
  }

  /**
   * The routines and settings there are, in the words of a voice.
   * @param {string} voice
   * @returns {any}
   */
  about(voice) {
    return JSON.parse(this.answered(this.wasm.about(...this.text(voice))));
  }

  /**
   * Plans a session, to be seen; throws a {@link Refused}.
   * @param {object} request
   * @returns {any}
   */
  plan(request) {
    const worked = this.wasm.plan(...this.text(JSON.stringify(request)));
    const told = JSON.parse(new TextDecoder().decode(this.answer()));
    if (!worked) throw new Refused(told);
    return told;
  }

  /**
   * A file that is made from the last plan, such as `captions.vtt`.
   * @param {string} name
   * @returns {Uint8Array<ArrayBuffer>}
   */
  file(name) {
    const worked = this.wasm.file(...this.text(name));
    if (!worked) throw new Error(new TextDecoder().decode(this.answer()));
    return this.answer();
  }

  /**
   * A text as a QR code, in SVG.
   * @param {string} text
   * @returns {string}
   */
  qr(text) {
    return this.answered(this.wasm.qr(...this.text(text)));
  }

  /**
   * Plans a session, of which words are still to be made ready; throws what is wrong with it.
   * @param {object} request
   * @returns {any} the plan
   */
  open(request) {
    return JSON.parse(this.answered(this.wasm.open(...this.text(JSON.stringify(request)))));
  }

  /** How many bytes the track has. */
  get size() {
    return this.wasm.size();
  }

  /**
   * The clips that sound in these bytes and are still to be made ready, the first first.
   * @param {number} from
   * @param {number} to
   * @returns {string[]}
   */
  lacks(from, to) {
    this.wasm.lacks(from, to);
    return new TextDecoder().decode(this.answer()).split("\n").filter((clip) => clip);
  }

  /**
   * Makes one of these ready; its file must be here.
   * @param {string} clip
   */
  make(clip) {
    this.answered(this.wasm.make(...this.text(clip)));
  }

  /**
   * Some bytes of the track.
   * @param {number} from
   * @param {number} to
   * @returns {Uint8Array<ArrayBuffer>}
   */
  bytes(from, to) {
    const worked = this.wasm.bytes(from, to);
    const answer = this.answer();
    if (!worked) throw new Error(new TextDecoder().decode(answer));
    return answer;
  }

  /**
   * Encodes the whole track, all of which must be ready, into another kind of file.
   * @param {string} ending such as `mp3`
   * @param {Copying} copying
   */
  copy(ending, copying) {
    this.copying = copying;
    /** @type {Error | null} */
    this.fault = null;
    try {
      this.answered(this.wasm.copy(...this.text(ending)));
    } catch (error) {
      // What could not be written is told better by whoever was to write it.
      throw this.fault ?? error;
    } finally {
      this.copying = null;
    }
  }

  /**
   * @param {number} at
   * @param {number} start
   * @param {number} bytes
   */
  puts(at, start, bytes) {
    try {
      this.copying?.put(new Uint8Array(this.wasm.memory.buffer, start, bytes), at);
      return 1;
    } catch (error) {
      this.fault = /** @type {Error} */ (error);
      return 0;
    }
  }

  /** @param {string} text */
  text(text) {
    return this.given(new TextEncoder().encode(text));
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {[number, number]}
   */
  given(bytes) {
    const start = this.wasm.room(bytes.length);
    if (!start && bytes.length) throw new Error("there is no memory left");
    new Uint8Array(this.wasm.memory.buffer, start, bytes.length).set(bytes);
    return [start, bytes.length];
  }

  /** @param {number} worked */
  answered(worked) {
    const answer = new TextDecoder().decode(this.answer());
    if (!worked) throw new Error(answer);
    return answer;
  }

  answer() {
    const { buffer } = this.wasm.memory;
    return new Uint8Array(buffer, this.wasm.answer_start(), this.wasm.answer_bytes()).slice();
  }
}
