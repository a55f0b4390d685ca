// The engine in a thread of its own. One worker plans, another makes the sound: so a plan
// never waits for a clip.

import { Engine, Refused } from "../engine/engine.js";
import { NoClip } from "./errors.js";

const CHUNK = 1 << 20;
/** What an answer holds at least where more of it would have to wait for a clip. */
const SHORT = 1 << 16;
/** Of the work on a copy, making its clips ready. */
const CLIPS_SHARE = 0.25;

/** @type {WebAssembly.Module} */
let module;
/** @type {Engine | null} */
let engine = null;
/** Whose files the engine has. */
let voice = { id: "", at: "" };
/** Sounds of the person's own, by name.
 * @type {Map<string, ArrayBuffer>}
 */
const sounds = new Map();
/** Which session is open: a number that the page gives. */
let session = 0;
/** The work that nobody wants any more, begun or not.
 * @type {Set<string>}
 */
const cancelled = new Set();
/** Lets whoever waits to be ready know of it. */
let stop = () => {};
/** Clips that are on their way, by name.
 * @type {Map<string, Promise<void>>}
 */
let coming = new Map();
/** Where somebody listens, in bytes: what comes after it is made ready before the rest. */
let listens = 0;
/** Makes all of the session ready.
 * @type {Promise<void> | null}
 */
let whole = null;

/** @type {Record<string, (ask: any, tell: (progress: number) => void) => any>} */
const KINDS = {
  start({ compiled }) {
    module = compiled;
  },

  /** Takes a voice; one at a time, so that memory holds no other. */
  async voice(ask) {
    if (voice.id === ask.voice.id) return;
    voice = { id: "", at: "" };
    engine = await Engine.start(module);
    for (const [name, bytes] of sounds) engine.put(`sound/${name}`, new Uint8Array(bytes));
    [session, coming, whole] = [0, new Map(), null];
    await Promise.all(["manifest.toml", "lengths.txt"].map((name) => give(ask.voice.at, name)));
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

  /** Opens a session, and makes ready what its first second needs. */
  async open({ request, number }, tell) {
    session = 0;
    here().open(request);
    [session, listens, whole] = [number, 0, null];
    await ready(number, 0, SHORT);
    tell(1);
    return { size: here().size };
  },

  /** Makes all of it ready while nobody asks for it. */
  async rest({ number }) {
    await all(number);
    stillOpen(number);
    return { memory: here().wasm.memory.buffer.byteLength };
  },

  /** Some bytes of the track: fewer than were asked for where these are ready sooner. */
  async bytes({ number, from, to }) {
    stillOpen(number);
    if (from < to) listens = from;
    const end = here().lacks(from, to).length ? Math.min(to, from + SHORT) : to;
    await ready(number, from, end);
    return { size: here().size, bytes: here().bytes(from, end) };
  },

  cancel({ job }) {
    cancelled.add(job);
    stop();
  },

  /** Writes the whole track to the browser's own storage, chunk by chunk; nothing where there
   * is no such storage. */
  async save({ number, tab, job }, tell) {
    stillOpen(number);
    await Promise.race([all(number), new Promise((resolve) => { stop = () => resolve(undefined); })]);
    if (cancelled.has(job)) throw new Error("cancelled");
    const store = await stored(tab, number, "wav");
    if (!store) return null;
    const { size } = here();
    try {
      for (let at = 0; at < size; at += CHUNK) {
        if (number !== session || cancelled.has(job)) throw new Error("cancelled");
        store.put(here().bytes(at, at + CHUNK), at);
        tell(Math.min(1, (at + CHUNK) / size));
        await breath();
      }
    } finally {
      store.close();
    }
    return store.file();
  },

  /** Encodes the whole track, in one go: who wants to stop it ends this worker. */
  async copy({ number, ending, tab }, tell) {
    const clips = here().lacks(0, here().size);
    await Promise.all(clips.map(given));
    for (const [n, clip] of clips.entries()) {
      await made(number, clip);
      tell((CLIPS_SHARE * (n + 1)) / clips.length);
    }
    const store = (await stored(tab, number, ending)) ?? inMemory();
    let told = 0;
    try {
      here().copy(ending, { put: store.put, tell: (share) => {
        if (share < told + 0.01) return;
        told = share;
        tell(CLIPS_SHARE + (1 - CLIPS_SHARE) * share);
      } });
    } finally {
      store.close();
    }
    return store.file();
  },
};

/** @param {number} number */
function stillOpen(number) {
  if (number !== session) throw new Error("this session is no longer open");
}

/** Makes ready what some bytes of the track need.
 * @param {number} number
 * @param {number} from
 * @param {number} to
 */
async function ready(number, from, to) {
  const clips = here().lacks(from, to);
  clips.forEach((clip) => given(clip).catch(() => {}));
  for (const clip of clips) await made(number, clip);
}

/** Until everything is ready; whoever asks again after a failure has it tried again.
 * @param {number} number
 */
function all(number) {
  whole ??= rest(number).catch((error) => {
    if (number === session) whole = null;
    throw error;
  });
  return whole;
}

/** Makes everything ready, clip by clip, and first what comes after the place where somebody
 * listens. Whoever asks meanwhile waits for one clip at most.
 * @param {number} number
 */
async function rest(number) {
  const { size } = here();
  await Promise.all(here().lacks(0, size).map(given));
  for (;;) {
    await breath();
    stillOpen(number);
    const [clip] = [...here().lacks(listens, size), ...here().lacks(0, listens)];
    if (!clip) return;
    await made(number, clip);
  }
}

/** Makes one clip ready, unless it is.
 * @param {number} number
 * @param {string} clip
 */
async function made(number, clip) {
  await given(clip);
  stillOpen(number);
  if (!here().lacks(0, here().size).includes(clip)) return;
  try {
    here().make(clip);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw Object.assign(error, { clip: `${clip}.opus` });
    throw new NoClip(`${clip}.opus`, true, /** @type {Error} */ (error).message);
  }
}

/** A clip's file, which is fetched once.
 * @param {string} clip
 */
function given(clip) {
  const name = `${clip}.opus`;
  const known = coming.get(name);
  if (known) return known;
  const fetched = give(voice.at, name);
  coming.set(name, fetched);
  // The next try fetches it anew.
  fetched.catch(() => coming.delete(name));
  return fetched;
}

/** A file of this tab in the browser's own storage, or nothing where there is no such storage.
 * @param {string} tab
 * @param {number} number
 * @param {string} ending
 */
async function stored(tab, number, ending) {
  const folder = await navigator.storage?.getDirectory?.().catch(() => null);
  if (!folder) return null;
  await clear(folder, tab, number, ending);
  // A worker that was ended a moment ago may still hold the file that it wrote.
  const name = `${tab}-${number}-${crypto.randomUUID()}.${ending}`;
  const file = await folder.getFileHandle(name, { create: true });
  if (!("createSyncAccessHandle" in file)) return null;
  const handle = await /** @type {any} */ (file).createSyncAccessHandle();
  return {
    put: (/** @type {Uint8Array} */ bytes, /** @type {number} */ at) => { handle.write(bytes, { at }); },
    close: () => handle.close(),
    file: () => file.getFile(),
  };
}

/** A small file where there is no storage. */
function inMemory() {
  let [room, size] = [new Uint8Array(1 << 20), 0];
  return {
    put: (/** @type {Uint8Array} */ bytes, /** @type {number} */ at) => {
      size = Math.max(size, at + bytes.length);
      if (size > room.length) {
        const larger = new Uint8Array(2 * size);
        larger.set(room);
        room = larger;
      }
      room.set(bytes, at);
    },
    close: () => {},
    file: () => new Blob([room.subarray(0, size)]),
  };
}

/** Takes away the files of this tab's sessions before, and of tabs that are no more.
 * @param {any} folder
 * @param {string} tab
 * @param {number} number
 * @param {string} ending
 */
async function clear(folder, tab, number, ending) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const alive = held.map(({ name }) => name?.slice("tab-".length)).filter((name) => name && name !== tab);
  const stays = (/** @type {string} */ name) => alive.some((one) => name.startsWith(String(one)))
    || (name.startsWith(`${tab}-${number}-`) && !name.endsWith(`.${ending}`));
  for await (const name of folder.keys()) {
    // What is still read elsewhere stays until next time.
    if (!stays(name)) await folder.removeEntry(name).catch(() => {});
  }
}

/** @param {string} at @param {string} name */
async function give(at, name) {
  const to = here();
  const response = await fetch(at + name).catch(() => null);
  if (!response?.ok) throw new NoClip(name, false, `${name} cannot be fetched`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // Another voice may have been taken meanwhile; then this file is not for it.
  if (to === engine) to.put(name, bytes);
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
      refused: error instanceof Refused ? error.why : null,
      clip: clipOf(error) });
    if (trapped) self.postMessage({ trapped: true, error: String(/** @type {Error} */ (error).message), clip: clipOf(error) });
  }
};

/** The recording that an error is about.
 * @param {any} error
 */
function clipOf(error) {
  return error.clip ? { name: error.clip, isThere: error.isThere ?? true } : null;
}
