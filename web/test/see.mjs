// Pictures of the page, to be looked at: node see.mjs SITE FOLDER

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { browse } from "./browser.mjs";
import { serve } from "./server.mjs";

const [site, folder] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const server = await serve(site);
const usual = await browse();
const large = await browse({ text: 2 });
// Only those whose names begin so.
const only = process.argv[4] ?? "";
const SIZES = [[360, 740], [768, 1024], [1440, 900]];

async function see(name, { size = [1440, 900], hash = "", scheme = "light", text = 1, act = async () => {}, full = true, locale = "en-GB" } = {}) {
  if (!name.startsWith(only)) return;
  const context = await (text === 1 ? usual : large).newContext({ viewport: { width: size[0], height: size[1] }, colorScheme: scheme, locale });
  const page = await context.newPage();
  await page.goto(server.url + hash);
  await page.waitForFunction(() => document.body.dataset.planned, null, { timeout: 30_000 });
  await act(page);
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: full });
  await context.close();
}

for (const [width, height] of SIZES) {
  await see(`page-${width}`, { size: [width, height], hash: "#partner&zone=calf=2m&talk=brief" });
  await see(`dark-${width}`, { size: [width, height], scheme: "dark", locale: "es-ES", hash: "#self&gentle&bed=rain&voice=es" });
}
await see("text-200", { size: [360, 740], text: 2 });
await see("text-200-wide", { size: [1440, 900], text: 2 });
await see("refused", { hash: "#self&total=1m&zone=calf=never&zone=elbow=3m", size: [768, 1024] });
await see("refused-fr", { locale: "fr-FR", hash: "#self&zone=elbow=3m&talk=loud&closing-cue=12s", size: [360, 740] });
for (const locale of ["fr-FR", "it-IT", "pt-BR"]) await see(`page-360-${locale}`, { size: [360, 740], locale, hash: "#self" });
await see("own", { size: [768, 1024], act: async (page) => {
  await page.locator("#own summary").click();
  await page.fill("#own-text", 'name = "mine"\ntitle = "Mine"\nfor = "self"\n\n[[step]]\nid = "a"\nzones = [{ zone = "clalf", lasts = "1m" }]\n');
  await page.click("#own-use");
  await page.waitForSelector("#own-told pre");
} });
for (const [name, size] of [["tall", [390, 844]], ["wide", [1440, 900]], ["short", [844, 390]]]) {
  for (const scheme of ["light", "dark"]) {
    await see(`follow-${name}-${scheme}`, { size, scheme, full: false, act: async (page) => {
      await page.evaluate(() => { const seek = document.getElementById("seek"); seek.value = 375; seek.dispatchEvent(new Event("input")); });
      if (await page.locator("#follow-open").isVisible()) await page.click("#follow-open");
    } });
  }
}
await see("take", { size: [390, 844], hash: "#self", act: async (page) => {
  await page.evaluate(() => { document.getElementById("take-kinds").open = true; });
  await page.click("#take-qr");
  await page.waitForSelector("#qr svg");
} });
await see("follow-words", { size: [390, 844], full: false, act: async (page) => {
  await page.evaluate(() => { const seek = document.getElementById("seek"); seek.value = 20; seek.dispatchEvent(new Event("input")); });
  await page.click("#follow-open");
} });
await see("follow-200", { size: [390, 844], text: 2, full: false, act: async (page) => {
  await page.evaluate(() => { const seek = document.getElementById("seek"); seek.value = 375; seek.dispatchEvent(new Event("input")); });
  await page.click("#follow-open");
} });
await usual.close();
await large.close();
await server.close();
