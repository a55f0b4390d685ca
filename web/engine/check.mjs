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
assert.ok(view.says_first.every((id) => view.says.includes(id)) && view.says_first.length < view.says.length);
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

const plan = engine.open(asked);
assert.equal(plan.format, "effleurage-plan/2");
assert.equal(plan.frames, 360 * 8000);
const whole = engine.bytes(0, engine.size);
assert.equal(whole.length, engine.size);
assert.equal(new TextDecoder().decode(whole.slice(0, 4)), "RIFF");
for (const [from, to] of [[0, 1], [43, 45], [44, 44], [100_001, 165_537], [engine.size - 3, 1e300], [5, 2], [-5, 3]]) {
  const expected = whole.slice(Math.max(from, 0), Math.max(from, to, 0));
  assert.deepEqual(engine.bytes(from, to), expected, `${from} to ${to}`);
}

// The same engine again, as often as somebody moves a slider.
for (const flags of [[["--legs", "left"]], [["--zone", "calf=20s"]], []]) {
  engine.open({ ...asked, flags });
}
assert.deepEqual(engine.bytes(0, engine.size), whole);

// The beginning alone is the beginning of the whole, as far as it goes.
for (const flags of [[], [["--bed", "pad"]]]) {
  engine.open({ ...asked, flags });
  const all = engine.bytes(0, engine.size);
  engine.open({ ...asked, flags, until_seconds: 15 });
  assert.equal(engine.size, all.length);
  assert.ok(engine.isReady(0, 15 * 8000 * 2) && !engine.isReady(0, engine.size));
  assert.throws(() => engine.bytes(0, engine.size), /only the beginning/);
  const step = 10_001;
  const ready = Array.from({ length: Math.ceil(all.length / step) }, (_, n) => n * step).filter((at) => engine.isReady(at, at + step));
  assert.ok(ready.length > 20 && ready.length * step < all.length);
  for (const at of ready) assert.deepEqual(engine.bytes(at, at + step), all.slice(at, at + step), `${at}`);
  // A player reads the end of a file before it plays.
  assert.ok(engine.isReady(engine.size - 4000, engine.size + 5));
}

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
