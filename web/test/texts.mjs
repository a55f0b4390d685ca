// The page speaks every language that has a voice, and refuses in it, too.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { assert, must, native, planned, serve, site, text, visit } from "./support.mjs";

/** What is the same word in several languages. */
const SAME = /^(take\.wav|pause|word\.|set\.|group\.|plan\.(notes|time)|seek|voice|hint\.halfway)/;

export async function run(browser) {
  const app = readdirSync(site).find((name) => name.startsWith("app-"));
  const folder = join(site, app, "page", "texts");
  const voices = [...readFileSync(join(site, app, "page", "build.js"), "utf8").matchAll(/language: "([^"]+)"/g)].map(([, language]) => language);
  const names = readdirSync(folder).map((name) => name.slice(0, -3));
  await must("every language that has a voice has its texts", async () => {
    assert.deepEqual(names.toSorted(), [...new Set(voices)].toSorted());
    const all = await Promise.all(names.map((name) => texts(join(folder, `${name}.js`))));
    const english = all[names.indexOf("en")];
    const holes = (value) => [...value.matchAll(/\{\w+\}/g)].map(([hole]) => hole).toSorted();
    for (const [n, here] of all.entries()) {
      for (const [key, value] of Object.entries(english)) {
        assert.ok(here[key]?.trim(), `${names[n]} ${key}`);
        assert.deepEqual(holes(here[key]), holes(value), `${names[n]} ${key}`);
        assert.ok(names[n] === "en" || SAME.test(key) || here[key] !== value, `${names[n]} ${key} is still English`);
      }
    }
    return names.join(", ");
  });
  const server = await serve(site);
  for (const [locale, range] of [["es-MX", /puede durar de (\S+) a (\S+)\./], ["fr-CA", /peut durer de (\S+) à (\S+)\./], ["it-IT", /può durare da (\S+) a (\S+)\./], ["pt-PT", /pode durar de (\S+) a (\S+)\./]]) {
    await must(`a refusal is in the reader's language, ${locale}`, async () => {
      const { context, page } = await visit(browser, server.url, { locale, hash: "#self&total=1m" });
      await planned(page);
      assert.equal((await page.evaluate(() => document.documentElement.lang)).slice(0, 2), locale.slice(0, 2));
      const native_ = refusal("--total", "1m");
      const [, from, to] = /can last from (\S+) to (\S+);/.exec(native_);
      assert.deepEqual(range.exec(await text(page, "#told-total p")).slice(1), [from, to]);
      // What the program says itself is one press away, and told to be English.
      const own = page.locator("#told-total details pre");
      assert.ok(!(await own.isVisible()));
      assert.equal(await own.getAttribute("lang"), "en");
      assert.ok(native_.includes((await own.textContent()).trim().split("\n")[0].replaceAll("`", "'")), native_);
      for (const [hash, place, words] of [
        ["zone=elbow=3m&voice=es", "#told-zone p", ["elbow", "ankle (tobillo)", "calf (pantorrilla)", "thigh (muslo)"]],
        ["pace=elbow=3", "#told-pace p", ["elbow", "circles"]],
        ["talk=loud", "#told-talk p", ["loud", "(full)", "(brief)", "(ticks)"]],
        ["closing-cue=12s", "#told-closing-cue p", ["12s", "10s, 15s"]],
        ["tick-level=7", "#told-tick-level p", ["7", "−30", "+6"]],
      ]) {
        await page.goto(`${server.url}#self&${hash}`);
        await planned(page);
        const told = await text(page, place);
        for (const word of words) assert.ok(told.includes(word), `${hash}: ${told}`);
        assert.doesNotMatch(told, /no zone|no technique|there are|give decibels|cannot say/);
        assert.ok((await text(page, "#refused")).includes(told), "and above, as a way to the field");
      }
      await context.close();
    });
  }
  await server.close();
}

async function texts(path) {
  const module = await import(`data:text/javascript,${encodeURIComponent(readFileSync(path, "utf8"))}`);
  return Object.values(module)[0];
}

/** What the program tells of a flag that it refuses. */
function refusal(flag, value) {
  try {
    native("plan", "self", flag, value);
  } catch (error) {
    return error.stderr.toString();
  }
  throw new Error(`${flag} ${value} is possible`);
}
