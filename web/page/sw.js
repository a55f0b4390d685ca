// Keeps the page for times without a network, and answers for the track, any bytes of it,
// by asking the tab that it belongs to.

// The build writes this line anew.
const BUILD = { version: "dev", voices: "", files: [""] };

const APP = `effleurage-app-${BUILD.version}`;
const CLIPS = `effleurage-voices-${BUILD.voices}`;
/** What one answer holds where somebody asks for all the rest. */
const MOST_BYTES = 512 * 1024;
const CHUNK = 1 << 20;
/** How long a tab may think about one answer: an old phone makes forty clips ready meanwhile. */
const PATIENCE_MS = 60_000;

const worker = /** @type {any} */ (self);
const scope = () => new URL(worker.registration.scope);

worker.addEventListener("install", (/** @type {any} */ event) => {
  // Where there is no older one, the page is waiting for this worker: the parts come later.
  if (worker.registration.active) event.waitUntil(keepAll());
});

/** Every part of the page, and what a plan needs of any voice. */
async function keepAll() {
  // What lies under a version never changes, so the browser may have it already.
  const requests = BUILD.files.map((file) =>
    new Request(new URL(file, scope()), { cache: /^(app|voices)-/.test(file) ? "default" : "no-cache" }));
  const ofVoices = ({ url = "" }) => url.includes(`/${BUILD.voices}/`);
  await Promise.all([
    fill(APP, requests.filter((request) => !ofVoices(request))),
    fill(CLIPS, requests.filter(ofVoices)),
  ]);
}

/**
 * @param {string} name of a cache
 * @param {Request[]} requests
 */
async function fill(name, requests) {
  const cache = await caches.open(name);
  const known = new Set((await cache.keys()).map(({ url }) => url));
  await cache.addAll(requests.filter(({ url }) => !known.has(url)));
}

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("effleurage-") && name !== APP && name !== CLIPS);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  })());
});

// A new version waits until the reader agrees: no page ever has parts of two.
worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "take over") worker.skipWaiting();
  if (event.data === "claim") event.waitUntil(worker.clients.claim());
  if (event.data === "keep all") {
    const [port] = event.ports;
    event.waitUntil(keepAll().then(() => port.postMessage(""), (error) => port.postMessage(String(error))));
  }
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !url.href.startsWith(scope().href)) return;
  const name = url.pathname.slice(scope().pathname.length);
  if (url.searchParams.has("tab")) event.respondWith(made(name, url, event.request));
  else if (name.startsWith("voices-")) event.respondWith(clip(event.request));
  else event.respondWith(part(event.request, name));
});

/** A part of the page, from its cache.
 * @param {Request} request
 * @param {string} name
 */
async function part(request, name) {
  const cache = await caches.open(APP);
  const home = name === "" || name === "index.html";
  return (await cache.match(home ? new URL("index.html", scope()) : request, { ignoreSearch: true })) ?? fetch(request);
}

/** A clip, which is kept once it was needed.
 * @param {Request} request
 */
async function clip(request) {
  const cache = await caches.open(CLIPS);
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone()).catch(() => {});
  return response;
}

/** What is made on this device.
 * @param {string} name
 * @param {URL} url
 * @param {Request} request
 */
async function made(name, url, request) {
  const tab = String(url.searchParams.get("tab"));
  try {
    if (name === "track.wav") return await track(tab, url, request);
    const bytes = await ask({ tab, kind: "file", name });
    return new Response(bytes, { headers: { "Content-Type": TYPES[name.split(".")[1]] ?? "text/plain" } });
  } catch (error) {
    return new Response(String(error), { status: 504 });
  }
}

/** @type {Record<string, string>} */
const TYPES = { json: "application/json", svg: "image/svg+xml", vtt: "text/vtt", pdf: "application/pdf", toml: "application/toml" };

/**
 * @param {string} tab
 * @param {URL} url
 * @param {Request} request
 */
async function track(tab, url, request) {
  const session = Number(url.searchParams.get("session"));
  const part = (/** @type {number} */ from, /** @type {number} */ to) => ask({ tab, kind: "bytes", session, from, to });
  const headers = { "Content-Type": "audio/wav", "Accept-Ranges": "bytes", "Cache-Control": "no-store" };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!range || (!range[1] && !range[2])) return whole(part, headers, url.searchParams.get("save"));
  // The last so many bytes, or those from one place to another.
  const from = range[1] ? Number(range[1]) : Math.max(0, (await part(0, 0)).size - Number(range[2]));
  const last = range[1] && range[2] ? Number(range[2]) : Infinity;
  const { size, bytes } = await part(from, Math.min(last + 1, from + MOST_BYTES));
  if (!bytes.length) return new Response(null, { status: 416, headers: { ...headers, "Content-Range": `bytes */${size}` } });
  return new Response(bytes, { status: 206, headers: { ...headers,
    "Content-Range": `bytes ${from}-${from + bytes.length - 1}/${size}`, "Content-Length": String(bytes.length) } });
}

/** All of it, made while it is read.
 * @param {(from: number, to: number) => Promise<any>} part
 * @param {Record<string, string>} headers
 * @param {string | null} name
 */
async function whole(part, headers, name) {
  const { size } = await part(0, 0);
  let at = 0;
  const body = new ReadableStream({
    async pull(controller) {
      if (at >= size) return controller.close();
      const { bytes } = await part(at, at + CHUNK);
      at += bytes.length;
      return controller.enqueue(bytes);
    },
  }, { highWaterMark: 2 });
  /** @type {Record<string, string>} */
  const save = name ? { "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}` } : {};
  return new Response(body, { headers: { ...headers, ...save, "Content-Length": String(size) } });
}

/** Asks the tabs; the one that is meant answers.
 * @param {{ tab: string, kind: string, session?: number, from?: number, to?: number, name?: string }} what
 * @returns {Promise<any>}
 */
async function ask(what) {
  const tabs = await worker.clients.matchAll({ type: "window" });
  return new Promise((resolve, reject) => {
    const clock = setTimeout(() => reject(new Error("the page does not answer")), PATIENCE_MS);
    for (const tab of tabs) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        clearTimeout(clock);
        port1.close();
        if (data.error !== undefined) reject(new Error(data.error));
        else resolve(data.value);
      };
      tab.postMessage(what, [port2]);
    }
  });
}
