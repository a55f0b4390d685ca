// How long a person waits, beside the native program in the same run. Told, never judged.

import { performance } from "node:perf_hooks";
import { assert, made, must, native, planned, saved, serve, site, sounding, visit } from "./support.mjs";

const TIMES = 15;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const ms = (number) => `${number.toFixed(0)} ms`;

export async function run(browser) {
  const server = await serve(site);
  await must("times: native", () => {
    const since = performance.now();
    native("render", "partner", "--no-cache", "-o", "times.wav");
    return `partner rendered in ${ms(performance.now() - since)}`;
  });
  await must("times: first visit", async () => {
    const since = performance.now();
    const { context, page } = await visit(browser, server.url, { hash: "#partner" });
    await planned(page);
    const plan = performance.now() - since;
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0, null, { polling: 10, timeout: 60_000 });
    const sound = performance.now() - since;
    await context.close();
    return `plan ${ms(plan)}, sound ${ms(sound)}`;
  });
  await must("times: seeking while the rest is made ready", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#partner" });
    await planned(page);
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0, null, { polling: 10, timeout: 60_000 });
    const seeks = await page.evaluate(async () => {
      const audio = document.getElementById("audio");
      const took = [];
      while (!document.body.dataset.memory) {
        const since = performance.now();
        const to = 3 + ((took.length * 367) % 1000);
        audio.currentTime = to;
        while (audio.currentTime <= to) await new Promise((resolve) => setTimeout(resolve, 5));
        took.push(performance.now() - since);
      }
      return took;
    });
    // Otherwise this has seen nothing.
    assert.ok(seeks.length > 3, `${seeks.length} seeks`);
    await context.close();
    return `${seeks.length} places, median ${ms(median(seeks))}, most ${ms(Math.max(...seeks))}`;
  });
  await must("times: a change, a place, a track", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#partner" });
    await sounding(page);
    const changes = [];
    for (let n = 0; n < TIMES; n += 1) {
      changes.push(await page.evaluate(async (value) => {
        const since = performance.now();
        const field = document.getElementById("set-zone-calf");
        field.value = value;
        field.dispatchEvent(new Event("input"));
        while (document.body.dataset.planned !== `#partner&zone=calf=${value}`) await new Promise((resolve) => setTimeout(resolve));
        return performance.now() - since;
      }, `${40 + n}s`));
    }
    await page.evaluate(() => { location.hash = "#partner"; });
    await sounding(page);
    await page.waitForFunction(() => document.body.dataset.kept, null, { timeout: 60_000 });
    const since = performance.now();
    await saved(page, () => page.click("#take-wav"));
    const whole = performance.now() - since;
    const mp3 = performance.now();
    await saved(page, () => page.click("#take-mp3"));
    const copied = performance.now() - mp3;
    await context.close();
    return `plan after a change ${ms(median(changes))}, ${(46128600 * 2 / 1e6).toFixed(0)} MB saved in ${ms(whole)}, MP3 in ${ms(copied)}`;
  });
  await must("times: seeking in ten hours", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#partner&total=10h" });
    await sounding(page);
    await page.waitForFunction(() => document.body.dataset.memory, null, { timeout: 60_000 });
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0.1, null, { timeout: 60_000 });
    const seeks = await page.evaluate(async (times) => {
      const audio = document.getElementById("audio");
      const took = [];
      for (let n = 1; n <= times; n += 1) {
        const since = performance.now();
        audio.currentTime = (35_900 * ((n * 7) % times)) / times + 3;
        await new Promise((resolve) => audio.addEventListener("seeked", resolve, { once: true }));
        took.push(performance.now() - since);
      }
      return took;
    }, TIMES);
    const plan = await page.evaluate(async (url) => {
      const since = performance.now();
      await (await fetch(url)).arrayBuffer();
      return performance.now() - since;
    }, await made(page, "plan.json"));
    const memory = await page.evaluate(() => document.body.dataset.memory);
    await context.close();
    return `median ${ms(median(seeks))}, most ${ms(Math.max(...seeks))}; its plan.json ${ms(plan)}; memory of the sound's engine ${memory} MB`;
  });
  await server.close();
}
