// Nothing that axe-core knows stands in the way of anybody.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { assert, must, planned, serve, site, sounding, visit } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function run(browser) {
  const server = await serve(site);
  for (const locale of ["en-GB", "es-MX", "fr-FR", "it-IT", "pt-BR"]) {
    // What stands on the page is the same in either light; the languages differ in length only.
    for (const colorScheme of ["en-GB", "es-MX"].includes(locale) ? ["light", "dark"] : ["light"]) {
      await must(`no violation, ${locale}, ${colorScheme}`, async () => {
        // The tester's own script must run beside the page's policy.
        const { context, page } = await visit(browser, server.url, { locale, colorScheme, bypassCSP: true });
        await sounding(page);
        assert.equal(await page.evaluate(() => document.documentElement.lang.slice(0, 2)), locale.slice(0, 2));
        await page.evaluate(axe);
        await page.evaluate(() => { for (const part of document.querySelectorAll("details")) part.open = true; });
        await page.waitForSelector("table.cues");
        await page.click("#take-qr");
        await page.waitForSelector("#qr svg");
        await look(page, "the page");
        await page.fill("#set-total", "1m");
        await page.waitForSelector("#refused .refusal");
        await planned(page);
        await look(page, "a refusal");
        await page.fill("#set-total", "12m");
        await page.waitForSelector("#changes");
        await planned(page);
        await page.evaluate(() => { document.getElementById("changes").open = true; });
        await look(page, "changes");
        await page.fill("#own-text", "name = 1");
        await page.click("#own-use");
        await page.waitForSelector("#own-told pre");
        await look(page, "mistakes of a file");
        await page.check("#routine-self");
        await sounding(page);
        await page.click("#follow-open");
        await look(page, "the follow view");
        await context.close();
      });
    }
  }
  await server.close();
}

async function look(page, what) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | ")}`);
  assert.deepEqual(told, []);
}
