// Bad input: each gets a message that says what to do, and nothing is stuck.

import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anew, assert, must, native, planned, saved, scratch, serve, site, sounding, text, visit } from "./support.mjs";
import { trapping } from "./trapping.mjs";

export async function run(browser) {
  const server = await serve(site);
  await must("a link with nonsense tells what it left out", async () => {
    const { context, page, complaints } = await visit(browser, server.url, { hash: "#elbow&tempo=9&%E0%A4%A&zone=calf=1m&voice=klingon&gentle=&<img src=x>" });
    await planned(page);
    assert.equal(await page.evaluate(() => location.hash), "#partner&gentle&zone=calf=1m");
    const told = await text(page, ".message");
    for (const word of ["elbow", "tempo=9", "voice=klingon", "<img src=x>"]) assert.ok(told.includes(word), `${word}: ${told}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });
  await must("what cannot be is refused beside its field, in the words of the program", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self&total=1m" });
    await planned(page);
    const told = await text(page, "#told-total");
    assert.match(told, /--total 1m: the track can last from/);
    assert.equal(await page.getAttribute("#set-total", "aria-invalid"), "true");
    assert.ok(await page.locator("#player").isHidden());
    await page.fill("#set-total", "12m");
    await sounding(page);
    assert.equal(await text(page, "#told-total"), "");
    assert.ok(await page.locator("#player").isVisible());
    await context.close();
  });
  await must("mistakes of a routine file are told as `check` prints them", async () => {
    const { context, page } = await visit(browser, server.url);
    await planned(page);
    await page.locator("#own summary").click();
    await page.click("#own-start");
    const good = await page.inputValue("#own-text");
    assert.ok(good.includes('name = "partner"'));
    await page.fill("#own-text", good.replace('zone = "ankle", technique = "circles"', 'zone = "ancle", technique = "circles"'));
    await page.click("#own-use");
    await page.waitForSelector("#own-told pre");
    const told = await text(page, "#own-told");
    assert.match(told, /no zone is called `ancle`/);
    assert.match(told, /\^\^\^\^\^\^\^/);
    assert.match(told, /your-file\.toml:\d+:\d+/);
    assert.match(told, /did you mean `ankle`/);
    await page.fill("#own-text", good.replace("Partner leg massage", "Ours"));
    await anew(page, () => page.click("#own-use"));
    await sounding(page);
    assert.match(await text(page, "#plan-head"), /^Ours/);
    await page.reload();
    await planned(page);
    assert.match(await text(page, "#plan-head"), /^Ours/, "a reload keeps the file");
    await context.close();
  });
  await must("hostile routine files are refused or planned, and the page goes on", async () => {
    const { context, page } = await visit(browser, server.url);
    await planned(page);
    await page.locator("#own summary").click();
    const files = [
      "", "\u0000\u0001\u0002", "[".repeat(50_000), `a = ${"[".repeat(20_000)}`, "x".repeat(900_000), "a.".repeat(100_000) + "b = 1",
      'name = "x"\ntitle = "<script>alert(1)</script>"\nfor = "self"\n', 'extends = "your-file.toml"\nname = "x"\n', "[[step]]\n".repeat(80_000),
    ];
    for (const [n, file] of files.entries()) {
      await anew(page, () => page.setInputFiles("#own-file", { name: `${n}.toml`, mimeType: "text/plain", buffer: Buffer.from(file) }));
      const told = await text(page, "#own-told");
      assert.ok(told.length > 10, `${n}: ${told}`);
    }
    const large = join(scratch, "large.toml");
    writeFileSync(large, Buffer.alloc((1 << 20) + 1, 35));
    await page.setInputFiles("#own-file", large);
    await page.waitForFunction(() => document.getElementById("own-told").textContent.includes("larger than 1 MiB"));
    const latin = join(scratch, "latin.toml");
    writeFileSync(latin, Buffer.from([0x61, 0xe9, 0x20]));
    await page.setInputFiles("#own-file", latin);
    await page.waitForFunction(() => document.getElementById("own-told").textContent.includes("UTF-8"));
    await page.check("#routine-self-short");
    await sounding(page);
    assert.match(await text(page, "#plan-head"), /6:00$/);
    await context.close();
  });
  await must("a clip that cannot be read is told by its name, and another try works", async () => {
    server.broken.set("/contraindications.opus", (file) => Buffer.concat([file.subarray(0, 200), Buffer.alloc(file.length - 200, 0xa5)]));
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await page.waitForSelector("#sound-told .refusal", { timeout: 60_000 });
    assert.match(await text(page, "#sound-told"), /contraindications\.opus/);
    assert.ok(await page.locator("#drawing svg").isVisible(), "the plan needs no clip");
    server.broken.clear();
    await page.evaluate(() => caches.keys().then((names) => Promise.all(names.filter((name) => name.includes("voices")).map((name) => caches.delete(name)))));
    await page.reload();
    await sounding(page);
    assert.equal(await text(page, "#sound-told"), "");
    await context.close();
  });
  await must("a clip that is not there is told, and the button tries again", async () => {
    server.broken.set("/goodbye.opus", () => { throw new Error("gone"); });
    const { context, page } = await visit(browser, server.url, { hash: "#self" });
    await page.waitForSelector("#sound-told .refusal", { timeout: 60_000 });
    assert.match(await text(page, "#sound-told"), /goodbye\.opus/);
    server.broken.clear();
    await page.click("#sound-told button");
    await sounding(page);
    assert.equal(await text(page, "#sound-told"), "");
    await page.click("#take-ready");
    await page.waitForFunction(() => document.getElementById("take-told").textContent.includes("Ready"), null, { timeout: 60_000 });
    await context.close();
  });
  await must("a recording that makes the engine trap is told by its name, and the next one plays", async () => {
    server.broken.set(".wasm", (file) => trapping(file, "make"));
    const { context, page } = await visit(browser, server.url, { hash: "#self-short&voice=es", serviceWorkers: "block" });
    await page.waitForSelector("#sound-told .refusal", { timeout: 60_000 });
    assert.match(await text(page, "#sound-told"), /contraindications\.opus stopped the engine, which was started again/);
    assert.ok(await page.locator("#drawing svg").isVisible());
    // One's own sound is decoded with the plan.
    server.broken.set(".wasm", (file) => trapping(file, "plan"));
    await page.goto(`${server.url}#self-short&bed=my-sea.wav`);
    await page.reload();
    await page.waitForSelector("#refused .refusal", { timeout: 60_000 });
    assert.match(await text(page, "#refused"), /my-sea\.wav stopped the engine/);
    server.broken.clear();
    await page.goto(`${server.url}#self-short`);
    await page.reload();
    await planned(page);
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0.2, null, { timeout: 60_000 });
    await context.close();
  });
  await must("an engine that traps is replaced", async () => {
    server.broken.set(".wasm", (file) => trapping(file, "open"));
    const { context, page } = await visit(browser, server.url, { hash: "#self-short", serviceWorkers: "block" });
    await page.waitForSelector("#sound-told .refusal", { timeout: 60_000 });
    assert.match(await text(page, "#sound-told"), /started again/);
    // The plan's engine is another one, and a new one for the sound is there.
    await page.fill("#set-zone-calf", "25s");
    await planned(page);
    assert.ok(await page.locator("#drawing svg").isVisible());
    await page.waitForSelector("#sound-told .refusal", { timeout: 60_000 });
    server.broken.set(".wasm", (file) => trapping(file, "plan"));
    await page.reload();
    await page.waitForSelector("#refused .refusal", { timeout: 60_000 });
    assert.match(await text(page, "#refused"), /started again/);
    await page.check("#routine-partner");
    await planned(page);
    assert.match(await text(page, "#refused"), /started again/);
    server.broken.clear();
    await context.close();
  });
  await must("a sound of one's own is the background; one that is too large or none is refused", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await planned(page);
    await page.evaluate(() => { document.getElementById("group.sound").open = true; });
    const large = join(scratch, "large.wav");
    writeFileSync(large, "RIFF");
    truncateSync(large, 500e6);
    await page.setInputFiles("#set-bed-file", large);
    await page.waitForSelector("#told-bed .refusal");
    assert.match(await text(page, "#told-bed"), /large\.wav is larger than 128 MiB/);
    await anew(page, () => page.setInputFiles("#set-bed-file", { name: "no-sound.wav", mimeType: "audio/wav", buffer: Buffer.from("this is no sound") }));
    assert.match(await text(page, "#told-bed"), /--bed no-sound\.wav/);
    native("render", "self-short", "--rate", "8000", "--talk", "ticks", "-o", "loop.wav");
    const sea = wav(readFileSync(join(scratch, "loop.wav")).subarray(1_000_000, 1_100_000));
    writeFileSync(join(scratch, "sea.wav"), sea);
    await anew(page, () => page.setInputFiles("#set-bed-file", join(scratch, "sea.wav")));
    await sounding(page);
    const { path } = await saved(page, () => page.click("#take-wav"));
    native("render", "self-short", "--bed", "sea.wav", "--no-cache", "-o", "with-sea.wav");
    assert.ok(readFileSync(path).equals(readFileSync(join(scratch, "with-sea.wav"))));
    await context.close();
  });
  await must("without a service worker the track is made as a file, and played", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self-short", serviceWorkers: "block" });
    await planned(page);
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0.2, null, { timeout: 60_000 });
    assert.ok((await page.evaluate(() => document.getElementById("audio").src)).startsWith("blob:"));
    await context.close();
  });
  await must("storage that is full is told, and the page goes on", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await sounding(page);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Storage.overrideQuotaForOrigin", { origin: server.url, quotaSize: 1000 });
    await page.click("#take-ready");
    await page.waitForSelector("#take-told .advice", { timeout: 60_000 });
    assert.match(await text(page, "#take-told"), /no room/);
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0.2);
    await context.close();
  });
  await must("two tabs do not take each other's track", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await sounding(page);
    const other = await context.newPage();
    await other.goto(`${server.url}#partner`);
    await sounding(other);
    for (const tab of [page, other]) {
      await tab.click("#take-ready");
      await tab.waitForFunction(() => document.getElementById("take-told").textContent, null, { timeout: 60_000 });
      await tab.click("#play");
      await tab.waitForFunction(() => document.getElementById("audio").currentTime > 0.2);
    }
    const [short, long] = await Promise.all([page, other].map((tab) => tab.evaluate(() => document.getElementById("audio").duration)));
    assert.ok(Math.abs(short - 360) < 0.1 && long > 1000, `${short} ${long}`);
    await context.close();
  });
  await must("a long work can be cancelled", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#partner&total=3h" });
    await sounding(page);
    await page.click("#take-ready");
    await page.click("#take-cancel");
    await page.waitForFunction(() => document.getElementById("take-told").textContent.includes("Cancelled"));
    assert.ok(await page.locator("#take-progress").isHidden());
    // Nor does anybody wait until all of it is ready.
    await page.goto(`${server.url}#partner`);
    await page.reload();
    await planned(page);
    await page.click("#take-ready");
    await page.click("#take-cancel");
    await page.waitForFunction(() => document.getElementById("take-told").textContent.includes("Cancelled"));
    await page.click("#take-ready");
    await page.waitForFunction(() => document.getElementById("take-told").textContent.includes("Ready"), null, { timeout: 60_000 });
    // Encoding has a worker of its own: playing goes on, and another try works.
    await page.evaluate(() => { location.hash = "#self-short"; });
    await sounding(page);
    await page.click("#play");
    await page.click("#take-mp3");
    await page.waitForFunction(() => document.getElementById("take-bar").value > 0.3, null, { timeout: 60_000 });
    await page.click("#take-cancel");
    await page.waitForFunction(() => document.getElementById("take-told").textContent.includes("Cancelled"));
    assert.ok(await page.locator("#take-progress").isHidden());
    assert.ok(await page.evaluate(() => !document.getElementById("audio").paused));
    const { path } = await saved(page, () => page.click("#take-mp3"));
    assert.equal(readFileSync(path).toString("latin1", 0, 3), "ID3");
    await context.close();
  });
  await server.close();
}

/** A WAV file of 16 bits and 8 kHz around samples. */
function wav(samples) {
  const head = Buffer.from("RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0", "latin1");
  head.writeUInt32LE(36 + samples.length, 4);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
