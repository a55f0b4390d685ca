// Once visited, the page needs nobody; and a new version takes its place whole.

import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, made, must, native, planned, saved, scratch, serve, site, sounding, text, visit } from "./support.mjs";

export async function run(browser) {
  await must("after one visit everything works without a server", async () => {
    const server = await serve(site);
    const { context, page } = await visit(browser, server.url);
    await sounding(page);
    await page.waitForFunction(() => document.body.dataset.kept, null, { timeout: 60_000 });
    await server.close();
    await page.goto(`${server.url}#self&zone=calf=40s&count-in=4&total=12m`);
    await page.reload();
    await sounding(page);
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0.2);
    native("render", "self", "--zone", "calf=40s", "--count-in", "4", "--total", "12m", "--no-cache", "-o", "offline.wav");
    const { path } = await saved(page, () => page.click("#take-wav"));
    assert.ok(readFileSync(path).equals(readFileSync(join(scratch, "offline.wav"))));
    const copy = await saved(page, () => page.click("#take-mp3"));
    assert.equal(readFileSync(copy.path).toString("latin1", 0, 3), "ID3");
    await page.selectOption("#languages", "it");
    await page.waitForFunction(() => document.documentElement.lang === "it");
    await context.close();
  });
  await must("a new version takes over whole, once the reader agrees", async () => {
    const folder = mkdtempSync(join(scratch, "site-"));
    cpSync(site, folder, { recursive: true });
    const server = await serve(folder);
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await sounding(page);
    await page.waitForFunction(() => document.body.dataset.kept, null, { timeout: 60_000 });
    const old = version(folder);
    const next = renew(folder, old);
    await page.reload();
    await planned(page);
    assert.equal(await running(page), old, "the old one goes on until somebody agrees");
    await page.waitForSelector(".message button");
    assert.match(await text(page, ".message"), /newer version/);
    await page.click(".message button");
    await page.waitForFunction((next) => document.querySelector("script")?.src.includes(next) && document.body.dataset.planned, next);
    assert.equal(await running(page), next);
    const caches = await page.evaluate(() => globalThis.caches.keys());
    assert.deepEqual(caches.filter((name) => name.includes("-app-")), [`effleurage-app-${next}`]);
    await sounding(page);
    // Nothing of the old version is left, on the server or in the browser.
    await server.close();
    await page.reload();
    await planned(page);
    assert.equal(await running(page), next);
    await context.close();
  });
  await must("a page that was loaded around the service worker gets it back", async () => {
    const server = await serve(site);
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await sounding(page);
    const devtools = await context.newCDPSession(page);
    await Promise.all([page.waitForNavigation(), devtools.send("Page.reload", { ignoreCache: true })]);
    await sounding(page);
    assert.match(await made(page, "plan.json").then((url) => page.evaluate(async (url) => (await fetch(url)).text(), url)), /effleurage-plan/);
    await context.close();
    await server.close();
  });
  await must("a first visit that is cut short mixes nothing with a later version", async () => {
    const folder = mkdtempSync(join(scratch, "site-"));
    cpSync(site, folder, { recursive: true });
    const server = await serve(folder);
    // Nothing of the page is kept for later, as where the reader left at once.
    server.broken.set("icon-512.png", () => { throw new Error("gone"); });
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await sounding(page);
    await page.waitForFunction(() => document.body.dataset.memory, null, { timeout: 60_000 });
    await page.waitForTimeout(500);
    assert.equal(await text(page, "#sound-told"), "", "the sound is there even so");
    server.broken.clear();
    const next = renew(folder, version(folder));
    const asked = server.asked.length;
    await page.reload();
    await sounding(page);
    assert.equal(await running(page), next);
    const parts = server.asked.slice(asked).filter((path) => path.startsWith("/app-"));
    assert.ok(parts.length > 10 && parts.every((path) => path.startsWith(`/app-${next}/`)), `${parts}`);
    await server.close();
    await context.close();
  });
}

const version = (folder) => readdirSync(folder).find((name) => name.startsWith("app-")).slice("app-".length);
const running = (page) => page.evaluate(() => document.querySelector("script").src.split("/app-")[1].split("/")[0]);

/** The same page under another version, as a build writes it. */
function renew(folder, old) {
  const next = old.split("").reverse().join("");
  renameSync(join(folder, `app-${old}`), join(folder, `app-${next}`));
  for (const name of ["index.html", "sw.js", join(`app-${next}`, "page", "build.js")]) {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(old, next));
  }
  return next;
}
