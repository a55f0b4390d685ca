// Renders a track in Node, as a page would:
//
//   node web/engine/render.mjs ENGINE.wasm VOICE-FOLDER ROUTINE OUTPUT.wav [RATE BITS FLAG=VALUE…]

import { open, readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Engine } from "./engine.js";

const STEP = 1 << 20;
const [wasm, folder, routine, output, rate = "44100", bits = "16", ...flags] =
  process.argv.slice(2);
const engine = await Engine.start(await WebAssembly.compile(await readFile(wasm)));
for (const entry of await readdir(folder, { withFileTypes: true })) {
  if (entry.isFile()) engine.put(entry.name, await readFile(join(folder, entry.name)));
}
const plan = engine.open({
  routine,
  voice: basename(folder),
  rate: Number(rate),
  bits: Number(bits),
  channels: 1,
  flags: flags.map((flag) => [flag.split("=")[0], flag.split("=").slice(1).join("=")]),
});
for (const clip of engine.lacks(0, engine.size)) engine.make(clip);
const file = await open(output, "w");
for (let at = 0; at < engine.size; at += STEP) {
  await file.write(engine.bytes(at, at + STEP));
}
await file.close();
console.log(`${output}: ${plan.frames} frames, ${engine.size} bytes`);
