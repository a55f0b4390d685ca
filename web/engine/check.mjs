// Tries the engine as a page uses it: node web/engine/check.mjs ENGINE.wasm VOICE-FOLDER

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Engine } from "./engine.js";

const [wasm, folder] = process.argv.slice(2);
const module = await WebAssembly.compile(await readFile(wasm));
const engine = await Engine.start(module);
const asked = {
  routine: "self-short",
  voice: basename(folder),
  rate: 8000,
  bits: 16,
  channels: 1,
  flags: [],
};
const refused = (change, why) => {
  assert.throws(() => engine.open({ ...asked, ...change }), (error) => {
    assert.match(error.message, why);
    assert.doesNotMatch(error.message, /fault of the program/);
    return true;
  });
  assert.equal(engine.size, 0, "nothing is left of the session before");
};

const told = (routine, flags = []) => engine.plan({ ...asked, routine, flags, width: 400 });
assert.equal(engine.size, 0);
assert.equal(engine.bytes(0, 10).length, 0);
refused({}, /there is no manifest.toml in it/);
for (const entry of await readdir(folder, { withFileTypes: true })) {
  if (entry.isFile()) engine.put(entry.name, await readFile(join(folder, entry.name)));
}

// A page plans without a clip, and reads what it offers.
const about = engine.about(asked.voice);
assert.deepEqual(about.routines.map(({ name }) => name), ["partner", "self", "self-short"]);
assert.equal(about.routines[2].seconds, 360);
const talk = about.settings.find(({ flag }) => flag === "talk");
assert.deepEqual(talk.choices, ["full", "brief", "ticks"]);
const view = told("self", [["--zone", "calf=3m"]]);
assert.deepEqual(view.shape.zones.map(({ name }) => name), ["ankle", "calf", "thigh"]);
assert.ok(view.changes.length > 1 && view.drawing.startsWith("<svg"));
assert.equal(JSON.parse(new TextDecoder().decode(engine.file("plan.json"))).frames, view.frames);
assert.equal(new TextDecoder().decode(engine.file("card.pdf").slice(0, 5)), "%PDF-");
assert.throws(() => engine.file("elbow"), /no file is called `elbow`/);
assert.throws(() => told("self", [["--total", "1m"], ["--zone", "elbow=1m"]]), ({ why }) => {
  assert.deepEqual(why.mistakes.map(({ flag, value }) => [flag, value]), [["--zone", "elbow=1m"]]);
  assert.equal(why.shape.zones.length, 3, "what there is to choose is told with a refusal, too");
  return true;
});

assert.match(engine.qr("https://example.org/#self&zone=calf=3m"), /^<svg .*<path d="M4 4h1/s);
assert.throws(() => engine.qr("x".repeat(3000)), /too long/);

const ready = (to = engine.size) => {
  for (const clip of engine.lacks(0, to)) engine.make(clip);
};
const plan = engine.open(asked);
assert.throws(() => engine.bytes(0, engine.size), /was not made ready/);
ready();
assert.equal(plan.format, "effleurage-plan/2");
assert.equal(plan.frames, 360 * 8000);
const whole = engine.bytes(0, engine.size);
assert.equal(whole.length, engine.size);
assert.equal(new TextDecoder().decode(whole.slice(0, 4)), "RIFF");
for (const [from, to] of [[0, 1], [43, 45], [44, 44], [100_001, 165_537], [engine.size - 3, 1e300], [5, 2], [-5, 3]]) {
  const expected = whole.slice(Math.max(from, 0), Math.max(from, to, 0));
  assert.deepEqual(engine.bytes(from, to), expected, `${from} to ${to}`);
}

// The same engine again, as often as somebody moves a slider: what is ready stays so.
for (const flags of [[["--legs", "left"]], [["--zone", "calf=20s"]], []]) {
  engine.open({ ...asked, flags });
  assert.ok(engine.lacks(0, engine.size).length < engine.open({ ...asked, flags }).events.length / 4);
  ready();
}
assert.deepEqual(engine.bytes(0, engine.size), whole);
// But not in another room, or at another level.
for (const flags of [[["--room", "warm"]], [["--voice-level", "-3"]]]) {
  const said = new Set(engine.open({ ...asked, flags }).events.flatMap(({ clip }) => clip ?? []));
  assert.equal(engine.lacks(0, engine.size).length, said.size);
}

// Any stretch is that of the whole, once its own words are ready.
for (const flags of [[], [["--bed", "pad"]]]) {
  engine.open({ ...asked, flags });
  ready();
  const all = engine.bytes(0, engine.size);
  engine.open({ ...asked, flags: [["--room", "warm"]] });
  engine.open({ ...asked, flags });
  assert.equal(engine.size, all.length);
  const step = 60_001;
  const lacking = () => engine.lacks(0, engine.size).length;
  let before = lacking();
  assert.ok(before > 10 && engine.lacks(0, 30_000).length < before);
  const places = Array.from({ length: Math.ceil(all.length / step) }, (_, n) => ((n * 7) % Math.ceil(all.length / step)) * step);
  for (const at of places) {
    for (const clip of engine.lacks(at, at + step)) engine.make(clip);
    assert.deepEqual(engine.bytes(at, at + step), all.slice(at, at + step), `${at}`);
    assert.ok(lacking() <= before);
    before = lacking();
  }
  assert.equal(before, 0);
}
// Nobody makes what is not asked for, or what is not there.
assert.throws(() => engine.make("elbow"), /no clip is called `elbow`/);
assert.throws(() => engine.make("halfway"), /not said/);

// Copies come in pieces, each at its place; what cannot be written ends them.
const copied = (ending, change = {}) => {
  engine.open({ ...asked, ...change });
  ready();
  const file = [];
  const told = [];
  engine.copy(ending, { put: (bytes, at) => bytes.forEach((byte, n) => { file[at + n] = byte; }), tell: (share) => told.push(share) });
  assert.ok(told.length > 10 && told.every((share, n) => share <= 1 && (!n || share >= told[n - 1])));
  return Buffer.from(file);
};
assert.equal(copied("flac").toString("latin1", 0, 4), "fLaC");
assert.equal(copied("mp3").toString("latin1", 0, 3), "ID3");
assert.equal(copied("opus", { rate: 48000 }).toString("latin1", 0, 4), "OggS");
engine.open({ ...asked });
assert.throws(() => engine.copy("flac", { put() {}, tell() {} }), /was not made ready/);
ready();
assert.throws(() => engine.copy("elbow", { put() {}, tell() {} }), /no copy ends in `elbow`/);
assert.throws(() => engine.copy("opus", { put() {}, tell() {} }), /another rate/);
assert.throws(() => engine.copy("flac", { put() { throw new Error("no room"); }, tell() {} }), /no room/);

refused({ routine: "elbow" }, /no built-in routine is called `elbow`/);
refused({ text: "name = 1" }, /self-short:1/);
refused({ rate: 7999 }, /8000 to 192000/);
refused({ bits: 8 }, /16, 24 or 32/);
refused({ channels: 3 }, /1 or 2/);
refused({ extra: 1 }, /the request cannot be read/);
refused({ flags: [["--tempo", "9"]] }, /no flag is called '--tempo'/);
refused({ flags: [["--zone", "elbow=1m"]] }, /no zone is called 'elbow'/);
refused({ flags: [["--bed", "rain.wav"]] }, /this file is not here/);
// A sound of the person's own: a second of a tone, 8 kHz and 16 bits.
const tone = new Int16Array(8000 + 22);
tone.set(new Int16Array(new Uint8Array([82, 73, 70, 70, 164, 62, 0, 0, 87, 65, 86, 69, 102, 109, 116, 32, 16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 128, 62, 0, 0, 2, 0, 16, 0, 100, 97, 116, 97, 128, 62, 0, 0]).buffer));
for (let n = 0; n < 8000; n += 1) tone[22 + n] = 9000 * Math.sin(n * 0.7);
engine.put("sound/rain.wav", new Uint8Array(tone.buffer));
assert.ok(engine.open({ ...asked, flags: [["--bed", "rain.wav"]] }).events.some(({ track, sound }) => track === "bed" && sound === "file"));
refused({ rate: 192000, bits: 32, channels: 2, flags: [["--total", "8h"]] }, /a WAV file holds 4 GiB/);
console.log("the engine does what a page expects");
