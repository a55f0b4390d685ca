// The same page, where a server answers.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anew, assert, browse, effleurage, must, native, planned, saved, scratch, site, text, visit } from "./support.mjs";
import { studio } from "./studio.mjs";

/** A name that is no localhost, so the browser trusts its address as little as that of a laptop at home. */
const HOST = "laptop.test";

export async function run() {
  const server = await studio(site);
  const browser = await browse({ host: HOST });
  const url = `http://${HOST}:${server.port}${server.path}`;
  await must("a page without HTTPS plans, plays and saves what a server makes", async () => {
    await whole(browser, url, false);
    assert.ok(!server.state.asked.some((asked) => /wasm|sw\.js|voices-|worker/.test(asked)), "nothing of an engine is fetched");
  });
  await must("a file and a sound of one's own go to the server, and its refusals stand beside their fields", async () => {
    const { context, page } = await own(browser, url);
    // A server may forget both.
    server.state.given.clear();
    server.state.sounds.clear();
    await anew(page, () => page.fill("#set-total", "7m"));
    assert.equal(await text(page, "#refused"), "");
    assert.match(await text(page, "#plan-head"), /7:00$/);
    server.state.sounds.clear();
    await anew(page, () => page.fill("#set-total", "8m"));
    assert.equal(await text(page, "#refused"), "");
    await context.close();
  });
  await must("a server that is busy or gone is told, and another try works", async () => {
    const { context, page } = await visit(browser, url, { hash: "#self-short" });
    await planned(page);
    server.state.busy = true;
    await anew(page, () => page.fill("#set-zone-calf", "24s"));
    assert.match(await text(page, "#refused"), /Too much is asked at once/);
    server.state.busy = false;
    await anew(page, () => page.fill("#set-zone-calf", "25s"));
    assert.equal(await text(page, "#refused"), "");
    await server.close();
    await anew(page, () => page.fill("#set-zone-calf", "26s"));
    assert.match(await text(page, "#refused"), /does not answer/);
    await context.close();
  });
  await browser.close();
  await program();
}

/** The program itself as the server, at an address that a phone would have, where this machine has one. */
async function program() {
  const process_ = spawn(effleurage, ["studio", "--lan", "--no-cache"], { cwd: scratch, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => process_.on("exit", resolve));
  let told = "";
  for await (const piece of process_.stdout) {
    told += piece;
    if (told.includes("Ctrl-C")) break;
  }
  const url = told.match(/http:\S+/g)?.at(-1);
  const browser = await browse();
  await must("`effleurage studio` is such a server", () => whole(browser, url, true));
  await must("it takes a file and a sound of one's own", async () => {
    const { context } = await own(browser, url);
    await context.close();
  });
  await must("it ends when it is told to", async () => {
    process_.kill("SIGINT");
    assert.equal(await ended, 0);
  });
  await browser.close();
}

/** From the plan to the saved file, with no HTTPS. */
async function whole(browser, url, isProgram) {
  const { context, page, complaints } = await visit(browser, url, { hash: "#self-short&zone=calf=25s&voice=es" });
  await planned(page);
  assert.deepEqual(await page.evaluate(() => [isSecureContext, "serviceWorker" in navigator, "wakeLock" in navigator]), [false, false, false]);
  const flags = ["self-short", "--zone", "calf=25s", "--voice", "es"];
  const plan = native("plan", ...flags, "--format", "json").toString();
  assert.ok((await text(page, "#plan-head")).startsWith(JSON.parse(plan).title));
  await page.click("#play");
  await page.waitForFunction(() => document.getElementById("audio").currentTime > 0.2);
  await page.evaluate(() => { const seek = document.getElementById("seek"); seek.value = 200; seek.dispatchEvent(new Event("input")); });
  await page.waitForFunction(() => document.getElementById("audio").currentTime > 200.1);
  native("render", ...flags, "--no-cache", "-o", "there.wav", "--also", "flac,vtt,mp3");
  const track = await page.evaluate(() => document.getElementById("audio").src);
  assert.equal(await page.evaluate(async (url) => (await fetch(url)).text(), track.replace("track.wav", "plan.json")), plan);
  await ranges(page, track, readFileSync(join(scratch, "there.wav")));
  for (const [button, name] of [["#take-wav", "there.wav"], ["#take-flac", "there.flac"], ["#take-captions", "there.vtt"]]) {
    const { path } = await saved(page, () => page.click(button));
    assert.ok(readFileSync(path).equals(readFileSync(join(scratch, name))), name);
  }
  await page.click("#take-ready");
  await page.waitForFunction(() => document.getElementById("take-told").textContent.includes("Ready"), null, { timeout: 60_000 });
  await page.waitForFunction(() => document.getElementById("audio").src.startsWith("blob:"));
  const made = await saved(page, () => page.evaluate(() => {
    const link = document.createElement("a");
    Object.assign(link, { href: document.getElementById("audio").src, download: "made.mp3" }).click();
  }));
  const copy = readFileSync(join(scratch, "there.mp3"));
  assert.equal(readFileSync(made.path).length, copy.length, "made ready as MP3");
  // The engine in Node rounds elsewhere; the program is the same program.
  if (isProgram) assert.ok(readFileSync(made.path).equals(copy));
  await page.click("#take-qr");
  await page.waitForSelector("#qr svg");
  await page.click("#follow-open");
  assert.ok(await page.locator("#awake-label").isHidden());
  await page.click("#follow-close");
  assert.match(await text(page, "footer"), /computer that sent this page/);
  assert.deepEqual(complaints, []);
  await context.close();
}

/** Any bytes of the track, as a player asks for them. */
async function ranges(page, track, file) {
  const size = file.length;
  for (const [range, from, to] of [["0-1", 0, 2], ["43-46", 43, 47], ["100001-165538", 100_001, 165_539], ["-3", size - 3, size], [`${size - 5}-`, size - 5, size]]) {
    const got = await page.evaluate(async ([url, range]) => {
      const response = await fetch(url, { headers: { Range: `bytes=${range}` } });
      return { status: response.status, range: response.headers.get("Content-Range"), bytes: [...new Uint8Array(await response.arrayBuffer())] };
    }, [track, range]);
    assert.deepEqual([got.status, got.range], [206, `bytes ${from}-${to - 1}/${size}`], range);
    assert.ok(file.subarray(from, to).equals(Buffer.from(got.bytes)), range);
  }
}

/** A routine file and a sound of the person's own. */
async function own(browser, url) {
  const { context, page } = await visit(browser, url, { hash: "#self-short&total=1m" });
  await planned(page);
  assert.match(await text(page, "#told-total"), /--total 1m: the track can/);
  await page.click("#reset");
  await planned(page);
  await page.locator("#own summary").click();
  await page.click("#own-start");
  const good = await page.inputValue("#own-text");
  await page.fill("#own-text", good.replace('"calf"', '"clalf"'));
  await anew(page, () => page.click("#own-use"));
  assert.match(await text(page, "#own-told"), /no zone is called `clalf`/);
  await page.fill("#own-text", good);
  await anew(page, () => page.click("#own-use"));
  assert.match(await text(page, "#plan-head"), /6:00$/);
  await page.evaluate(() => { document.getElementById("group.sound").open = true; });
  await anew(page, () => page.setInputFiles("#set-bed-file", { name: "no-sound.wav", mimeType: "audio/wav", buffer: Buffer.from("this is no sound") }));
  assert.match(await text(page, "#told-bed"), /--bed no-sound\.wav/);
  writeFileSync(join(scratch, "sea.wav"), sound());
  await anew(page, () => page.setInputFiles("#set-bed-file", join(scratch, "sea.wav")));
  assert.equal(await text(page, "#refused"), "");
  const { path } = await saved(page, () => page.click("#take-wav"));
  writeFileSync(join(scratch, "your-file.toml"), good);
  native("render", "your-file.toml", "--bed", "sea.wav", "--no-cache", "-o", "sea-there.wav");
  assert.ok(readFileSync(path).equals(readFileSync(join(scratch, "sea-there.wav"))));
  return { context, page };
}

/** Three seconds of a tone as a WAV file of 16 bits and 8 kHz. */
function sound() {
  const file = Buffer.alloc(44 + 48_000);
  file.write("RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0", "latin1");
  file.writeUInt32LE(36 + 48_000, 4);
  file.writeUInt32LE(48_000, 40);
  for (let n = 0; n < 24_000; n += 1) file.writeInt16LE(Math.round(8000 * Math.sin(n * 0.3)), 44 + 2 * n);
  return file;
}
