// Tries the page as a person does: node web/test/check.mjs SITE EFFLEURAGE
//
// SITE is what `cargo xtask web` wrote, EFFLEURAGE the native program of the same sources.

import { browse, finish } from "./support.mjs";

const browser = await browse();
for (const part of ["sizes", "texts", "same", "walk", "axe", "offline", "bad", "there", "picture", "times"]) {
  const { run } = await import(`./${part}.mjs`);
  if (!process.env.ONLY || process.env.ONLY.split(",").includes(part)) await run(browser);
}
await browser.close();
finish();
// Whatever a test that failed left open.
process.exit();
