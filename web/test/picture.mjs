// The picture of the page in the README: node picture.mjs SITE docs/page.png writes it anew, and
// check.mjs sees that the page still makes such a one.

import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { browse } from "./browser.mjs";
import { serve } from "./server.mjs";

const SIZE = { width: 1180, height: 760 };
const MOST_BYTES = 150_000;
const root = join(fileURLToPath(import.meta.url), "../../..");

/** Takes it: a session that somebody has changed, a few minutes in. */
async function take(browser, url, path) {
  const page = await (await browser.newContext({ locale: "en-GB", viewport: SIZE, colorScheme: "light", reducedMotion: "reduce" })).newPage();
  await page.goto(`${url}#partner&total=20m`);
  await page.waitForFunction(() => document.body.dataset.planned && document.body.dataset.sound === "there", null, { timeout: 60_000 });
  await page.evaluate(() => {
    const seek = document.getElementById("seek");
    seek.value = "412";
    seek.dispatchEvent(new Event("input"));
  });
  await page.screenshot({ path });
  await page.context().close();
}

export async function run(browser) {
  const { assert, must, scratch, site } = await import("./support.mjs");
  await must("the README shows the page as it is", async () => {
    const server = await serve(site);
    const path = join(scratch, "page.png");
    await take(browser, server.url, path);
    const [made, kept] = [path, join(root, "docs/page.png")].map((path) => readFileSync(path));
    assert.ok(readFileSync(join(root, "README.md"), "utf8").includes("(docs/page.png)"));
    const sizes = [made, kept].map((file) => [file.readUInt32BE(16), file.readUInt32BE(20)]);
    assert.deepEqual(sizes, [[SIZE.width, SIZE.height], [SIZE.width, SIZE.height]]);
    for (const file of [made, kept]) assert.ok(file.length <= MOST_BYTES, `${file.length} bytes`);
    const page = await (await browser.newContext()).newPage();
    const [one, other] = await Promise.all([made, kept].map((file) => page.evaluate(shades, file.toString("base64"))));
    // Fonts differ from machine to machine, but light and dark stand where they stood.
    const off = one.reduce((sum, shade, n) => sum + Math.abs(shade - other[n]), 0) / one.length;
    assert.ok(Math.max(...one) - Math.min(...one) > 40, "the picture is blank");
    assert.ok(off < 12, `${off.toFixed(1)} of 255 from docs/page.png; if the page is meant to look so: node picture.mjs SITE docs/page.png`);
    await page.context().close();
    await server.close();
    return `${made.length} bytes, ${off.toFixed(1)} of 255 from the one that is kept`;
  });
}

/** How light each of 20 x 13 fields of a picture is. */
async function shades(base64) {
  const picture = new Image();
  picture.src = `data:image/png;base64,${base64}`;
  await picture.decode();
  const context = Object.assign(document.createElement("canvas"), { width: 20, height: 13 }).getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, 20, 13);
  const { data } = context.getImageData(0, 0, 20, 13);
  return Array.from({ length: 260 }, (_, n) => (data[4 * n] + data[4 * n + 1] + data[4 * n + 2]) / 3);
}

if (basename(process.argv[1]) === "picture.mjs") {
  const [site, path] = process.argv.slice(2).map((one) => resolve(one));
  const [browser, server] = [await browse(), await serve(site)];
  await take(browser, server.url, path);
  await browser.close();
  await server.close();
}
