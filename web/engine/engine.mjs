// The engine, for whoever runs JavaScript: a page, its worker, Node.

/** A session in WebAssembly. */
export class Engine {
  /** @param {WebAssembly.Module} module */
  static async start(module) {
    const instance = await WebAssembly.instantiate(module, {});
    return new Engine(instance.exports);
  }

  /** @param {WebAssembly.Exports} wasm */
  constructor(wasm) {
    this.wasm = wasm;
  }

  /**
   * Keeps a file of the voice.
   * @param {string} name
   * @param {Uint8Array} bytes
   */
  put(name, bytes) {
    const file = this.given(bytes);
    this.wasm.put(...this.given(new TextEncoder().encode(name)), ...file);
  }

  /**
   * Plans a session and makes its sounds ready; throws what is wrong with it.
   * @param {object} request
   * @returns {object} the plan
   */
  open(request) {
    const worked = this.wasm.open(...this.given(new TextEncoder().encode(JSON.stringify(request))));
    const answer = new TextDecoder().decode(this.answer());
    if (!worked) throw new Error(answer);
    return JSON.parse(answer);
  }

  /** How many bytes the track has. */
  get size() {
    return this.wasm.size();
  }

  /**
   * Some bytes of the track.
   * @param {number} from
   * @param {number} to
   * @returns {Uint8Array}
   */
  bytes(from, to) {
    const worked = this.wasm.bytes(from, to);
    const answer = this.answer();
    if (!worked) throw new Error(new TextDecoder().decode(answer));
    return answer;
  }

  /** @param {Uint8Array} bytes */
  given(bytes) {
    const start = this.wasm.room(bytes.length);
    if (!start && bytes.length) throw new Error("there is no memory left");
    new Uint8Array(this.wasm.memory.buffer, start, bytes.length).set(bytes);
    return [start, bytes.length];
  }

  answer() {
    const { buffer } = this.wasm.memory;
    return new Uint8Array(buffer, this.wasm.answer_start(), this.wasm.answer_bytes()).slice();
  }
}
