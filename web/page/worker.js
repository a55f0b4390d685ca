// The engine in a thread of its own. One worker plans, another makes the sound: so a plan
// never waits for a clip.

import { Engine, Refused } from "../engine/engine.js";

const CHUNK = 1 << 20;
/** As the engine counts it (view.rs). */
const BEGINNING_SECONDS = 15;
/** Until a player has what it starts with. */
const REST_AFTER_MS = 1500;

/** @type {WebAssembly.Module} */
let module;
/** @type {Engine | null} */
let engine = null;
/** Whose files the engine has, and which. */
let voice = { id: "", at: "" };
/** @type {Set<string>} */
let given = new Set();
/** Sounds of the person's own, by name.
 * @type {Map<string, ArrayBuffer>}
 */
const sounds = new Map();
/** Which session is open: a number that the page gives. */
let session = 0;
let cancelled = 0;
/** Makes what is still to come of the session ready. */
let rest = () => Promise.resolve();

/** @type {Record<string, (ask: any, tell: (progress: number) => void) => any>} */
const KINDS = {
  /** Begins: with the compiled engine, or the address from which it comes. */
  async start({ wasm, compiled }) {
    module = compiled ?? (await compile(wasm));
    return module;
  },

  /** Takes a voice; one at a time, so that memory holds no other. */
  async voice(ask) {
    if (voice.id === ask.voice.id) return;
    voice = { id: "", at: "" };
    engine = await Engine.start(module);
    for (const [name, bytes] of sounds) engine.put(`sound/${name}`, new Uint8Array(bytes));
    given = new Set();
    for (const name of ["manifest.toml", "lengths.txt"]) await give(ask.voice.at, name);
    voice = ask.voice;
  },

  /** Takes a sound of the person's own, for this and every later voice. */
  sound({ name, bytes }) {
    sounds.set(name, bytes);
    engine?.put(`sound/${name}`, new Uint8Array(bytes));
  },

  about: () => here().about(voice.id),
  plan: ({ request }) => here().plan(request),
  file: ({ name }) => here().file(name),
  qr: ({ text }) => here().qr(text),

  /** Makes the sound of a session ready: its beginning first, and then the rest. */
  async open({ request, says, first, number }, tell) {
    session = 0;
    await fetched(first, tell);
    here().open({ ...request, until_seconds: BEGINNING_SECONDS });
    session = number;
    rest = once(() => finish({ request, says, number }));
    return { size: here().size };
  },

  /** Makes the rest of it ready while nobody asks for it; a player that starts comes first. */
  async whole({ number }) {
    await new Promise((resolve) => setTimeout(resolve, REST_AFTER_MS));
    if (number === session) await rest();
    if (number !== session) throw new Error("this session is no longer open");
    return { size: here().size, memory: here().wasm.memory.buffer.byteLength };
  },

  async bytes({ number, from, to }) {
    if (number === session && !here().isReady(from, to)) await rest();
    if (number !== session) throw new Error("this session is no longer open");
    return { size: here().size, bytes: here().bytes(from, to) };
  },

  cancel: () => { cancelled = session; },

  /** Writes the whole track to the browser's own storage, chunk by chunk. */
  async save({ number, tab }, tell) {
    if (number !== session) throw new Error("this session is no longer open");
    await rest();
    cancelled = 0;
    const folder = await navigator.storage.getDirectory();
    await clear(folder, tab);
    const file = await folder.getFileHandle(`${tab}-${number}.wav`, { create: true });
    const handle = await /** @type {any} */ (file).createSyncAccessHandle();
    const size = here().size;
    try {
      for (let at = 0; at < size; at += CHUNK) {
        if (number !== session || cancelled === number) throw new Error("cancelled");
        handle.write(here().bytes(at, at + CHUNK), { at });
        tell(Math.min(1, (at + CHUNK) / size));
        await breath();
      }
      handle.truncate(size);
      handle.flush();
    } finally {
      handle.close();
    }
    return file.getFile();
  },
};

/** Takes away the files of this tab, and of tabs that are no more.
 * @param {any} folder
 * @param {string} tab
 */
async function clear(folder, tab) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const alive = held.map(({ name }) => name?.slice("tab-".length)).filter((name) => name && name !== tab);
  for await (const name of folder.keys()) {
    // What is still read elsewhere stays until next time.
    if (!alive.some((one) => name.startsWith(one))) await folder.removeEntry(name).catch(() => {});
  }
}

/** @param {string} wasm */
async function compile(wasm) {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`the engine cannot be fetched (${response.status})`);
  const type = response.headers.get("Content-Type") ?? "";
  // A server that does not know the type sends another one.
  return type.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/**
 * The clips of prompts, those that are not here yet.
 * @param {string[]} says
 * @param {(share: number) => void} tell
 */
async function fetched(says, tell) {
  const missing = says.map((id) => `${id}.opus`).filter(isMissing);
  let done = 0;
  await Promise.all(missing.map(async (name) => {
    await give(voice.at, name);
    tell(++done / missing.length);
  }));
}

/**
 * @param {() => Promise<void>} work
 * @returns {() => Promise<void>} the same work, begun by whoever is first
 */
function once(work) {
  /** @type {Promise<void> | undefined} */
  let begun;
  return () => (begun ??= work());
}

/** @param {{ request: any, says: string[], number: number }} wanted */
async function finish({ request, says, number }) {
  await fetched(says, () => {});
  // Whoever wants the beginning comes first.
  await breath();
  if (number === session && !here().isReady(0, here().size)) here().open(request);
}

/** @param {string} name */
const isMissing = (name) => !given.has(name);

/** @param {string} at @param {string} name */
async function give(at, name) {
  const response = await fetch(at + name).catch(() => null);
  if (!response?.ok) throw new Error(`the recording ${name} cannot be fetched; is there a network?`);
  here().put(name, new Uint8Array(await response.arrayBuffer()));
  given.add(name);
}

function here() {
  if (!engine) throw new Error("no voice is here yet");
  return engine;
}

/** Lets messages in between. */
const breath = () => new Promise((resolve) => setTimeout(resolve));

/** @param {MessageEvent} event */
self.onmessage = async ({ data, ports }) => {
  const { id, kind, ...ask } = data;
  const to = /** @type {any} */ (ports[0] ?? self);
  const tell = (/** @type {number} */ progress) => to.postMessage({ id, progress });
  try {
    const value = await KINDS[kind](ask, tell);
    const bytes = value?.bytes ?? value;
    to.postMessage({ id, value }, bytes instanceof Uint8Array ? [bytes.buffer] : []);
  } catch (error) {
    const trapped = error instanceof WebAssembly.RuntimeError;
    // The files of this voice are given again once there is one.
    if (!engine || kind === "voice") voice = { id: "", at: "" };
    to.postMessage({ id, error: String(/** @type {Error} */ (error).message), trapped,
      refused: error instanceof Refused ? error.why : null });
    if (trapped) self.postMessage({ trapped: true });
  }
};
