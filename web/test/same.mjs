// The page and the native program: the same plan, the same bytes.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, made, must, native, planned, saved, scratch, serve, site, sounding, text, visit } from "./support.mjs";

const CASES = [
  ["#partner", ["partner"]],
  ["#self&zone=calf=3m&zone=left.thigh=off&talk=brief&count-in=3", ["self", "--zone", "calf=3m", "--zone", "left.thigh=off", "--talk", "brief", "--count-in", "3"]],
  ["#self&gentle&bed=rain&room=warm&voice=es", ["self", "--gentle", "--bed", "rain", "--room", "warm", "--voice", "es"]],
  ["#partner&total=20m&pace=0.9x&legs=left&ticks=wood", ["partner", "--total", "20m", "--pace", "0.9x", "--legs", "left", "--ticks", "wood"]],
];

export async function run(browser) {
  const server = await serve(site);
  for (const [hash, flags] of CASES) {
    await must(`the plan of ${hash} is that of the program`, async () => {
      const { context, page, complaints } = await visit(browser, server.url, { hash });
      await sounding(page);
      for (const [name, format] of [["plan.json", "json"], ["plan.svg", "svg"]]) {
        const told = await page.evaluate(async (url) => (await fetch(url)).text(), await made(page, name));
        assert.equal(told, native("plan", ...flags, "--format", format).toString(), name);
      }
      const shown = await text(page, "#plan-head");
      const { frames, title } = JSON.parse(native("plan", ...flags, "--format", "json").toString());
      assert.ok(shown.startsWith(title), shown);
      const seconds = Math.floor(frames / 44100);
      assert.ok(shown.endsWith(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`), shown);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }
  await must("choosing and changing makes the request of the flags", async () => {
    const { context, page } = await visit(browser, server.url);
    await planned(page);
    await page.check("#routine-self");
    await page.fill("#set-zone-calf", "1m30s");
    await open(page, "group.hands");
    await page.check("#set-legs-right");
    await page.check("#set-gentle");
    await open(page, "group.words");
    await page.check("#set-talk-brief");
    await page.selectOption("#set-voice", "es");
    await page.waitForFunction(() => location.hash.includes("voice=es"));
    await planned(page);
    assert.equal(await page.evaluate(() => location.hash), "#self&gentle&legs=right&talk=brief&zone=calf=1m30s&voice=es");
    await sounding(page);
    const told = await page.evaluate(async (url) => (await fetch(url)).text(), await made(page, "plan.json"));
    assert.equal(told, native("plan", "self", "--gentle", "--legs", "right", "--talk", "brief", "--zone", "calf=1m30s", "--voice", "es", "--format", "json").toString());
    await page.reload();
    await planned(page);
    assert.equal(await page.inputValue("#set-zone-calf"), "1m30s");
    assert.ok(await page.isChecked("#routine-self"));
    await context.close();
  });
  for (const [hash, flags] of CASES.slice(1, 3)) {
    await must(`the track of ${hash} is the file of the program`, () => track(browser, server, hash, flags));
  }
  await must("copies are those of the program, with and without storage", async () => {
    const hash = "#self-short&talk=brief&voice=es";
    const flags = ["self-short", "--talk", "brief", "--voice", "es", "--no-cache"];
    native("render", ...flags, "-o", "copy.wav", "--also", "mp3,opus,flac");
    native("render", ...flags, "-o", "copy48.wav", "--rate", "48000");
    const told = [];
    for (const storage of [true, false]) {
      const { context, page } = await visit(browser, server.url, { hash, serviceWorkers: storage ? "allow" : "block" });
      if (!storage) await page.route("**/worker.js", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `delete StorageManager.prototype.getDirectory;\n${await response.text()}` });
      });
      await page.reload();
      await planned(page);
      const files = {};
      for (const ending of storage ? ["mp3", "opus", "flac"] : ["mp3"]) {
        const { path, name } = await saved(page, () => page.click(`#take-${ending}`));
        assert.equal(name, `self-short.${ending}`);
        files[ending] = path;
      }
      const here = (name) => join(scratch, name);
      // An encoder that computes with other instructions rounds in other places: that is told
      // in web/README.md, and here it is bounded.
      const [mp3] = await differences(page, 44100, here("copy.mp3"), [files.mp3]);
      assert.ok(mp3.most < 1 / 32768, `MP3: ${mp3.most}`);
      assert.equal(readFileSync(files.mp3).length, readFileSync(here("copy.mp3")).length);
      if (!storage) {
        await context.close();
        continue;
      }
      assert.ok(readFileSync(files.flac).equals(readFileSync(here("copy.flac"))), "FLAC is the same to the bit");
      const [ours, theirs] = await differences(page, 48000, here("copy48.wav"), [files.opus, here("copy.opus")]);
      assert.ok(Math.abs(ours.decibels - theirs.decibels) < 0.2, `Opus: ${ours.decibels} dB and ${theirs.decibels} dB from the track`);
      told.push("FLAC equal", `MP3 at most ${(20 * Math.log10(mp3.most)).toFixed(0)} dBFS off`,
        `Opus ${ours.decibels.toFixed(2)} dB from the track, the program's ${theirs.decibels.toFixed(2)}`);
      await context.close();
    }
    return told.join(", ");
  });
  await must("captions, card and routine file are those of the program", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self&zone=calf=3m" });
    await sounding(page);
    native("render", "self", "--zone", "calf=3m", "--no-cache", "-o", "beside.wav", "--also", "vtt");
    native("card", "self", "--zone", "calf=3m", "-o", "beside.pdf");
    const files = { "#take-captions": "beside.vtt", "#take-card": "beside.pdf" };
    for (const [button, name] of Object.entries(files)) {
      const { path } = await saved(page, () => page.click(button));
      assert.ok(readFileSync(path).equals(readFileSync(join(scratch, name))), name);
    }
    const routine = await saved(page, () => page.click("#take-routine"));
    assert.equal(routine.name, "self.toml");
    native("render", routine.path, "--no-cache", "-o", "from-file.wav");
    assert.ok(readFileSync(join(scratch, "from-file.wav")).equals(readFileSync(join(scratch, "beside.wav"))));
    await context.close();
  });
  await server.close();
}

async function track(browser, server, hash, flags) {
  const { context, page } = await visit(browser, server.url, { hash });
  await sounding(page);
  native("render", ...flags, "--no-cache", "-o", "native.wav");
  const file = readFileSync(join(scratch, "native.wav"));
  await page.click("#play");
  await page.waitForFunction(() => document.getElementById("audio").currentTime > 0.2);
  const url = await page.evaluate(() => document.getElementById("audio").src);
  const size = file.length;
  const ranges = [[0, 1], [0, 43], [43, 46], [1, 70_001], [100_001, 165_538], [size - 3, size - 1], [size - 70_000, size + 5], [1_000_003, 1_200_000]];
  for (const [from, last] of ranges) {
    const got = await page.evaluate(async ([url, range]) => {
      const response = await fetch(url, { headers: { Range: range } });
      return { status: response.status, range: response.headers.get("Content-Range"), bytes: [...new Uint8Array(await response.arrayBuffer())] };
    }, [url, `bytes=${from}-${last}`]);
    const end = Math.min(last + 1, size);
    assert.equal(got.status, 206);
    assert.equal(got.range, `bytes ${from}-${end - 1}/${size}`);
    assert.ok(file.subarray(from, end).equals(Buffer.from(got.bytes)), `${from} to ${last}`);
  }
  const beyond = await page.evaluate(async ([url, range]) => (await fetch(url, { headers: { Range: range } })).status, [url, `bytes=${size}-`]);
  assert.equal(beyond, 416);
  const whole = await saved(page, () => page.click("#take-wav"));
  assert.ok(readFileSync(whole.path).equals(file), "the download");
  assert.equal(whole.name, `${JSON.parse(native("plan", ...flags, "--format", "json").toString()).routine}.wav`);
  // From the browser's own storage, which the player then plays.
  await page.click("#take-ready");
  await page.waitForFunction(() => document.getElementById("audio").src.startsWith("blob:"), null, { timeout: 60_000 });
  const stored = await saved(page, () => page.evaluate(() => {
    const link = document.createElement("a");
    link.href = document.getElementById("audio").src;
    link.download = "stored.wav";
    link.click();
  }));
  assert.ok(readFileSync(stored.path).equals(file), "the stored file");
  await context.close();
  return `${size} bytes: ranges, download, stored file`;
}

/** How far sounds are from one of the same length: the most, and all of it in decibels below it.
 * The browser decodes them.
 */
async function differences(page, rate, one, others) {
  const blank = await page.context().newPage();
  await blank.setContent('<input type="file" multiple>');
  await blank.setInputFiles("input", [one, ...others]);
  const found = await blank.evaluate(async (rate) => {
    const decoded = [];
    for (const file of document.querySelector("input").files) {
      const context = new OfflineAudioContext(1, 1, rate);
      decoded.push((await context.decodeAudioData(await file.arrayBuffer())).getChannelData(0));
    }
    const [one, ...others] = decoded;
    return others.map((other) => {
      let [most, error, power] = [0, 0, 0];
      for (let n = 0; n < one.length; n += 1) {
        const off = Math.abs(one[n] - (other[n] ?? 0));
        most = Math.max(most, off);
        error += off * off;
        power += one[n] * one[n];
      }
      return { most, decibels: 10 * Math.log10(power / error), frames: [one.length, other.length] };
    });
  }, rate);
  for (const { frames: [length, other] } of found) assert.equal(length, other);
  await blank.close();
  return found;
}

export async function open(page, group) {
  await page.evaluate((id) => { document.getElementById(id).open = true; }, group);
}
