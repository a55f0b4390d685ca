// What the tests have in common.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { browse } from "./browser.mjs";
import { serve } from "./server.mjs";

export const [site, effleurage] = process.argv.slice(2).map((path) => resolve(path));
export const scratch = mkdtempSync(join(tmpdir(), "effleurage-page-"));

/** What the native program prints. */
export function native(...arguments_) {
  return execFileSync(effleurage, arguments_, { cwd: scratch, maxBuffer: 1 << 30 });
}

/** A page of its own, in a browser that remembers nothing, and whatever it complains of. */
export async function visit(browser, url, { hash = "", ...options } = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(url + hash);
  return { context, page, complaints };
}

/** Until the plan of what is asked for is there, or the reason why there is none. */
export function planned(page) {
  return page.waitForFunction(() => document.body.dataset.planned === location.hash && location.hash, null, { timeout: 60_000 });
}

/** Does something that asks for a plan, and waits until that is there. */
export async function anew(page, act) {
  const before = await page.evaluate(() => document.body.dataset.plans);
  await act();
  await page.waitForFunction((before) => document.body.dataset.plans !== before, before, { timeout: 60_000 });
}

/** Until the sound of it is ready, and the service worker answers. */
export async function sounding(page) {
  await planned(page);
  await page.waitForFunction(() => document.body.dataset.sound === "there" && navigator.serviceWorker.controller, null, { timeout: 60_000 });
}

/** The address under which the page itself reaches what was made. */
export async function made(page, name) {
  const tab = await page.evaluate(() => document.documentElement.dataset.tab);
  return `${name}?tab=${tab}`;
}

/** A file that a click makes the browser save. */
export async function saved(page, act) {
  await page.evaluate(() => { document.getElementById("take-kinds").open = true; });
  const waiting = page.waitForEvent("download", { timeout: 60_000 });
  waiting.catch(() => {});
  await act();
  const download = await waiting.catch(async (error) => {
    const told = await page.evaluate(() => `${document.getElementById("take-told").innerText} ${document.getElementById("take-bar").value}`);
    throw new Error(`nothing was saved; the page says: ${told}`, { cause: error });
  });
  const path = join(scratch, `${Date.now()}-${download.suggestedFilename()}`);
  await download.saveAs(path);
  return { path, name: download.suggestedFilename() };
}

export async function text(page, selector) {
  return (await page.locator(selector).innerText()).trim();
}

/** Nobody reads more of one failure. */
const LONGEST = 2000;
const results = [];
/** One thing that must hold. */
export async function must(what, hold) {
  const since = performance.now();
  try {
    const told = await hold();
    results.push(true);
    console.log(`ok    ${what}${told ? `: ${told}` : ""} (${((performance.now() - since) / 1000).toFixed(1)} s)`);
  } catch (error) {
    results.push(false);
    console.log(`FAIL  ${what}\n${String(error.stack ?? error).slice(0, LONGEST)}`);
  }
}

export function finish() {
  const bad = results.filter((good) => !good).length;
  console.log(bad ? `${bad} of ${results.length} do not hold` : `all ${results.length} hold`);
  process.exitCode = bad ? 1 : 0;
}

export { assert, browse, serve };
