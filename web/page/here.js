// The engine in this browser answers: one Worker plans, another makes the sound.

import { VOICES_AT } from "./build.js";
import { EngineClient } from "./engine-client.js";
import { BASE, TAB } from "./places.js";
import { Sound, keep } from "./sound.js";

/** @typedef {import("./request.js").Request} Request */

/** What the files of a plan are. */
const TYPES = { pdf: "application/pdf", vtt: "text/vtt", toml: "application/toml", svg: "image/svg+xml", json: "application/json" };

export class Here {
  /** @param {(share: number | null) => void} waits */
  constructor(waits) {
    /** The engine, which all Workers have in common.
     * @type {Promise<WebAssembly.Module> | null}
     */
    this.engine = null;
    /** @type {Promise<void> | null} */
    this.started = null;
    this.planner = new EngineClient(() => { this.started = null; });
    /** Sounds of the person's own, by name.
     * @type {Map<string, ArrayBuffer>}
     */
    this.sounds = new Map();
    this.sound = new Sound(() => this.compiled(), this.sounds, waits);
    this.whole = "wav";
    /** Where the voice lies whose clips are all kept. */
    this.kept = "";
    navigator.serviceWorker?.addEventListener("message", (event) => this.answer(event));
    this.start().catch(() => {});
  }

  compiled() {
    this.engine ??= compile(new URL("../engine/effleurage.wasm", import.meta.url));
    // Another try fetches it anew.
    this.engine.catch(() => { this.engine = null; });
    return this.engine;
  }

  /** The planning engine; a new one where the last one trapped. */
  start() {
    this.started ??= (async () => {
      await this.planner.ask("start", { compiled: await this.compiled() });
      for (const [name, bytes] of this.sounds) await this.planner.ask("sound", { name, bytes });
    })();
    return this.started;
  }

  /** @param {string} voice */
  async about(voice) {
    await this.speaks(voice);
    return this.planner.ask("about");
  }

  /**
   * @param {Request} request
   * @param {number} width
   */
  async view(request, width) {
    await this.speaks(request.voice);
    return this.planner.ask("plan", { request: { ...request.asked(), width } });
  }

  /** @param {string} id of a voice */
  async speaks(id) {
    await this.start();
    await this.planner.ask("voice", { voice: placeOf(id) });
  }

  /** @param {string} text */
  qr(text) {
    return this.planner.ask("qr", { text });
  }

  /** @param {string} name */
  async file(name) {
    const bytes = await this.planner.ask("file", { name });
    return new Blob([bytes], { type: TYPES[/** @type {keyof typeof TYPES} */ (name.split(".")[1])] });
  }

  /**
   * @param {string} name
   * @param {ArrayBuffer} bytes
   */
  async own(name, bytes) {
    this.sounds.set(name, bytes);
    await this.planner.ask("sound", { name, bytes });
    await this.sound.own(name, bytes);
  }

  /** @param {Request} request */
  want(request) {
    this.sound.want({ voice: placeOf(request.voice), request: request.asked() });
  }

  async settle() {
    const { voice: { at }, memory } = await this.sound.rest();
    document.body.dataset.memory = String(Math.round(memory / 1e6));
    if (this.kept === at) return;
    // What cannot be kept now is kept next time; the sound is there.
    await keep(at).then(() => {
      this.kept = at;
      document.body.dataset.kept = at;
    }, () => {});
  }

  ready() {
    return this.sound.ready();
  }

  now() {
    return this.sound.now();
  }

  source() {
    return this.sound.source();
  }

  /**
   * @param {string} ending
   * @param {string} name
   */
  download(ending, name) {
    return this.sound.download(ending, name);
  }

  /**
   * @param {string} ending
   * @param {(share: number) => void} progress
   */
  make(ending, progress) {
    return this.sound.make(ending, progress);
  }

  /** @param {string} ending */
  made(ending) {
    return this.sound.made(ending);
  }

  cancel() {
    this.sound.cancel();
  }

  /** What the service worker asks of this tab.
   * @param {MessageEvent} event
   */
  answer({ data, ports }) {
    if (data?.tab !== TAB || !ports[0]) return;
    if (data.kind === "bytes") this.sound.answer(data, ports[0]);
    else this.planner.pass({ kind: "file", name: data.name }, ports[0]);
  }
}

/** @param {URL} address */
async function compile(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the engine cannot be fetched (${response.status})`);
  const type = response.headers.get("Content-Type") ?? "";
  // A server that does not know the type sends another one.
  return type.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** @param {string} id */
function placeOf(id) {
  return { id, at: new URL(`${VOICES_AT}${id}/`, BASE).href };
}
