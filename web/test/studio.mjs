// A server that answers in the engine's place, by the contract in web/README.md and nothing
// else: here it is the engine in Node. Its page has no service worker, no storage, no
// WebAssembly, and an address that a browser does not trust, as a phone at home has.

import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { Engine, Refused } from "../engine/engine.js";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml", png: "image/png", webmanifest: "application/manifest+json",
  json: "application/json", vtt: "text/vtt", pdf: "application/pdf", toml: "application/toml", wav: "audio/wav", mp3: "audio/mpeg", opus: "audio/ogg", flac: "audio/flac" };
const OF_A_PLAN = ["plan.json", "plan.svg", "captions.vtt", "card.pdf", "routine.toml"];

/**
 * @param {string} site as `cargo xtask web` wrote it
 */
export async function studio(site) {
  const app = join(site, readdirSync(site).find((name) => name.startsWith("app-")));
  const voices = join(site, readdirSync(site).find((name) => name.startsWith("voices-")));
  const wasm = await WebAssembly.compile(readFileSync(join(app, "engine", "effleurage.wasm")));
  const state = { site, app, voices, wasm, given: new Map(), sounds: new Map(), asked: [], busy: false };
  const server = createServer((request, response) => answer(state, request, response).catch((error) => told(response, error)));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    state,
    port: server.address().port,
    path: `/secret/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(state, request, response) {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.startsWith("/secret/")) return response.writeHead(403, { "Content-Type": "text/plain" }).end("This address is not for you.");
  const name = decodeURIComponent(url.pathname.slice("/secret/".length)) || "index.html";
  state.asked.push(`${request.method} ${name}`);
  if (state.busy) return response.writeHead(503, { "Content-Type": "text/plain", "Retry-After": "1" }).end("Too much is asked at once; try again.");
  if (request.method === "PUT") return take(state, name, request, response);
  if (name === "app/page/build.js") {
    const built = readFileSync(join(state.app, "page", "build.js"), "utf8").replace('ANSWERS = "here"', 'ANSWERS = "there"');
    return send(response, "js", built);
  }
  if (name.startsWith("app/")) return send(response, extname(name).slice(1), readFileSync(join(state.app, name.slice("app/".length))));
  if (name === "about.json") return send(response, "json", JSON.stringify((await open(state, "partner", { voice: url.searchParams.get("voice") })).about(url.searchParams.get("voice"))));
  if (name === "qr.svg") return send(response, "svg", (await open(state)).qr(url.searchParams.get("text")));
  if (name === "view.json") {
    const asked = read(state, url);
    const view = (await open(state, asked.voice)).plan({ ...asked, width: Number(url.searchParams.get("width")) });
    return send(response, "json", JSON.stringify(view));
  }
  if (OF_A_PLAN.includes(name)) {
    const asked = read(state, url);
    const engine = await open(state, asked.voice);
    engine.plan({ ...asked, width: 960 });
    return send(response, name.split(".")[1], Buffer.from(engine.file(name)), url);
  }
  if (name.startsWith("track.")) return track(state, name.split(".")[1], url, request, response);
  const files = { "index.html": "index.html", "icon.svg": "icon.svg", "icon-192.png": "icon-192.png", "icon-512.png": "icon-512.png", "manifest.webmanifest": "manifest.webmanifest" };
  if (!files[name]) return response.writeHead(404, { "Content-Type": "text/plain" }).end("There is no such address.");
  const file = readFileSync(join(state.site, name));
  // As it lies in web/page: the build has told the parts, which the page comes to know here.
  const plain = name === "index.html" ? file.toString().replace(/<link rel="(module)?preload"[^>]*>\n?/g, "").replaceAll(/"app-[0-9a-f]+\//g, '"app/') : file;
  return send(response, extname(name).slice(1), plain);
}

/** A refusal, or one sentence. */
function told(response, error) {
  if (response.headersSent) return response.destroy();
  if (error instanceof Refused) return response.writeHead(422, { "Content-Type": "application/json" }).end(JSON.stringify(error.why));
  return response.writeHead(422, { "Content-Type": "application/json" }).end(JSON.stringify({ mistakes: [], text: String(error.message), shape: null }));
}

function send(response, kind, body, url) {
  const save = url?.searchParams.get("save");
  response.writeHead(200, { "Content-Type": TYPES[kind], "Content-Length": Buffer.byteLength(body), "Cache-Control": "no-store",
    ...(save ? { "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(save)}` } : {}) });
  response.end(body);
}

async function take(state, name, request, response) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  if (name.startsWith("own/")) state.given.set(name.slice("own/".length), body.toString());
  else state.sounds.set(name.slice("sound/".length), body);
  return response.writeHead(204).end();
}

/** A request in the words of the flags. */
function read(state, url) {
  const flags = [];
  const asked = { routine: "partner", voice: "en", flags, rate: 44100, bits: 16, channels: 1 };
  for (const [n, part] of url.search.slice(1).split("&").entries()) {
    const whole = decodeURIComponent(part);
    const at = whole.indexOf("=");
    const [flag, value] = at < 0 ? [whole, ""] : [whole.slice(0, at), whole.slice(at + 1)];
    if (n === 0 && flag === "own") {
      if (!state.given.has(value)) throw new Error("this routine file is not here any more");
      Object.assign(asked, { routine: "your-file.toml", text: state.given.get(value) });
    } else if (n === 0) asked.routine = flag;
    else if (flag === "voice") asked.voice = value;
    else if (!["width", "save"].includes(flag)) flags.push([`--${flag}`, value]);
  }
  return asked;
}

async function open(state, voice = "en") {
  const engine = await Engine.start(state.wasm);
  const folder = join(state.voices, readdirSync(state.voices).includes(voice) ? voice : "en");
  for (const name of readdirSync(folder)) engine.put(name, readFileSync(join(folder, name)));
  for (const [name, bytes] of state.sounds) engine.put(`sound/${name}`, bytes);
  return engine;
}

/** The sessions that are open, as a server keeps a few. */
const sessions = new Map();

async function track(state, ending, url, request, response) {
  const asked = { ...read(state, url), rate: ending === "opus" ? 48000 : 44100 };
  const key = JSON.stringify(asked);
  if (!sessions.has(key)) {
    const engine = await open(state, asked.voice);
    engine.open(asked);
    for (const clip of engine.lacks(0, engine.size)) engine.make(clip);
    sessions.set(key, engine);
  }
  const engine = sessions.get(key);
  if (ending !== "wav") {
    const file = [];
    let size = 0;
    engine.copy(ending, { put: (bytes, at) => { file.push([Buffer.from(bytes), at]); size = Math.max(size, at + bytes.length); }, tell() {} });
    const whole = Buffer.alloc(size);
    for (const [bytes, at] of file) bytes.copy(whole, at);
    return send(response, ending, whole, url);
  }
  const { size } = engine;
  const head = { "Content-Type": "audio/wav", "Accept-Ranges": "bytes", "Cache-Control": "no-store" };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  if (!range) return send(response, "wav", Buffer.from(engine.bytes(0, size)), url);
  const from = range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]));
  const to = Math.min(size, range[1] && range[2] ? Number(range[2]) + 1 : from + (1 << 19));
  if (from >= to) return response.writeHead(416, { ...head, "Content-Range": `bytes */${size}` }).end();
  response.writeHead(206, { ...head, "Content-Range": `bytes ${from}-${to - 1}/${size}`, "Content-Length": to - from });
  return response.end(Buffer.from(engine.bytes(from, to)));
}
