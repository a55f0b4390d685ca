// With the keyboard alone: from the opening to a saved file.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import jsQR from "jsqr";
import { assert, browse, must, native, planned, saved, scratch, serve, site, sounding, text, visit } from "./support.mjs";

const MOST_STEPS = 200;

export async function run(browser) {
  const server = await serve(site);
  await must("the keyboard alone leads to a saved file", async () => {
    const { context, page } = await visit(browser, server.url);
    await planned(page);
    const before = await page.evaluate(() => location.hash);
    await to(page, "skip");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "choose");
    assert.equal(await page.evaluate(() => location.hash), before, "the address is the request");
    await to(page, "routine-partner");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), "routine-self");
    await to(page, "set-total");
    await page.keyboard.type("12m");
    await to(page, "set-zone-thigh-off");
    await page.keyboard.press("Space");
    await planned(page);
    assert.equal(await page.evaluate(() => location.hash), "#self&total=12m&zone=thigh=off");
    await sounding(page);
    await to(page, "take-wav");
    const { path } = await saved(page, () => page.keyboard.press("Enter"));
    native("render", "self", "--total", "12m", "--zone", "thigh=off", "--no-cache", "-o", "walk.wav");
    assert.ok(readFileSync(path).equals(readFileSync(join(scratch, "walk.wav"))));
    await to(page, "play");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => !document.getElementById("audio").paused);
    await to(page, "follow-open");
    await page.keyboard.press("Enter");
    assert.ok(await page.evaluate(() => document.getElementById("follow").open));
    await page.keyboard.press("Escape");
    assert.ok(!(await page.evaluate(() => document.getElementById("follow").open)));
    assert.equal(await focused(page), "follow-open");
    await context.close();
  });
  await must("every flag of the program has its control", async () => {
    const { context, page } = await visit(browser, server.url);
    await planned(page);
    const help = native("plan", "--help").toString();
    const [, own] = help.split("Make it yours:");
    const flags = [...own.split(/\n\S/)[0].matchAll(/^\s+--([a-z-]+)/gm)].map(([, flag]) => flag);
    assert.ok(flags.length > 15, `${flags}`);
    const without = await page.evaluate((flags) => flags.filter((flag) =>
      !document.querySelector(`[id^="set-${flag}"]`) || !document.getElementById(`told-${flag}`) || !document.getElementById(`hint-${flag}`)), flags);
    assert.deepEqual(without, []);
    await context.close();
    return `${flags.length} flags`;
  });
  await must("buttons make a length longer and shorter, in words that the program reads", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self" });
    await planned(page);
    const [less, more] = ["less", "more"].map((how) => page.getByRole("button", { name: `calf: 30 seconds ${how}` }));
    for (const [button, value] of [[more, "+30s"], [more, "+1m"], [less, "+30s"], [less, ""]]) {
      await button.click();
      assert.equal(await page.inputValue("#set-zone-calf"), value);
      await planned(page);
      assert.equal(await text(page, "#refused"), "", value);
    }
    await page.fill("#set-zone-calf", "3m");
    await less.click();
    assert.equal(await page.inputValue("#set-zone-calf"), "2m30s");
    await page.fill("#set-zone-calf", "40strokes");
    await more.click();
    assert.equal(await page.inputValue("#set-zone-calf"), "40strokes");
    await context.close();
  });
  await must("warnings are in sight before anything can be played", async () => {
    for (const [width, height] of [[360, 740], [1440, 900]]) {
      const { context, page } = await visit(browser, server.url, { viewport: { width, height } });
      await planned(page);
      const seen = await page.evaluate(() => {
        const box = document.getElementById("warnings").getBoundingClientRect();
        return box.top < innerHeight && box.height > 0 && !document.getElementById("warnings").closest("details");
      });
      assert.ok(seen, `${width}`);
      await context.close();
    }
  });
  await must("nothing is wider than the window, at any size and at 200 % text", async () => {
    for (const [width, share] of [[320, 1], [360, 1], [360, 2], [768, 2], [1440, 2]]) {
      const own = share === 1 ? browser : await browse({ text: share });
      const { context, page } = await visit(own, server.url, { viewport: { width, height: 800 }, hash: "#self&total=20m&talk=brief" });
      await planned(page);
      const over = await page.evaluate(() => {
        for (const group of document.querySelectorAll("details")) group.open = true;
        return document.documentElement.scrollWidth - innerWidth;
      });
      assert.ok(over <= 0, `${width} px at ${share * 100} %: ${over} px too wide`);
      await context.close();
      if (own !== browser) await own.close();
    }
  });
  await must("nothing lies over anything in the follow view, on any screen and at 200 % text", async () => {
    for (const [width, height, share] of [[360, 740, 1], [390, 844, 2], [844, 390, 1], [844, 390, 2], [768, 1024, 2], [1440, 900, 1]]) {
      const own = share === 1 ? browser : await browse({ text: share });
      const { context, page } = await visit(own, server.url, { viewport: { width, height }, hash: "#self-short" });
      await planned(page);
      await page.evaluate(() => {
        document.getElementById("seek").value = "20";
        document.getElementById("seek").dispatchEvent(new Event("input"));
        document.getElementById("follow-open").click();
      });
      await page.waitForFunction(() => document.getElementById("follow-words").textContent);
      const over = await page.evaluate(() => {
        const follow = document.getElementById("follow");
        follow.scrollTop = follow.scrollHeight;
        const boxes = [...follow.querySelectorAll("#legs, .telling p, .strip")].filter((one) => one.textContent || one.id).map((one) => [one.id || one.className, one.getBoundingClientRect()]);
        const apart = (one, other) => one.right <= other.left + 1 || other.right <= one.left + 1 || one.bottom <= other.top + 1 || other.bottom <= one.top + 1;
        return [...boxes.flatMap(([name, box], n) => boxes.slice(n + 1).filter(([, other]) => !apart(box, other)).map(([other]) => `${name} and ${other}`)),
          ...boxes.filter(([, box]) => box.left < -1 || box.right > innerWidth + 1).map(([name]) => `${name} beyond the edge`)];
      });
      assert.deepEqual(over, [], `${width} x ${height} at ${share * 100} %`);
      await context.close();
      if (own !== browser) await own.close();
    }
  });
  await must("a tap on the drawing plays from there, and the lock screen knows", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await sounding(page);
    const drawing = page.locator("#drawing svg");
    const [from, to, width] = await drawing.evaluate((svg) => [Number(svg.dataset.from), Number(svg.dataset.to), Number(svg.getAttribute("width"))]);
    const box = await drawing.boundingBox();
    const x = ((from + (to - from) * 0.6) / width) * box.width;
    await drawing.click({ position: { x, y: 40 } });
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0.6 * 360 + 0.2);
    const { at, title, artist, now } = await page.evaluate(() => ({
      at: document.getElementById("audio").currentTime, now: document.getElementById("now").textContent,
      title: navigator.mediaSession.metadata.title, artist: navigator.mediaSession.metadata.artist,
    }));
    assert.ok(at < 0.6 * 360 + 15, `${at}`);
    const { sections, title: whole } = JSON.parse(native("plan", "self-short", "--format", "json").toString());
    assert.equal(artist, whole);
    assert.equal(title, now);
    assert.ok(sections.some((section) => section.title === title), title);
    await context.close();
  });
  await must("the QR code is the link", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self&zone=calf=2m&talk=brief" });
    await planned(page);
    await page.click("#take-qr");
    await page.waitForSelector("#qr svg");
    const image = await page.evaluate(async () => {
      const side = 600;
      const svg = document.querySelector("#qr svg").cloneNode(true);
      svg.setAttribute("width", side);
      svg.setAttribute("height", side);
      const picture = new Image();
      picture.src = `data:image/svg+xml,${encodeURIComponent(svg.outerHTML)}`;
      await picture.decode();
      const context = Object.assign(document.createElement("canvas"), { width: side, height: side }).getContext("2d");
      context.fillStyle = "white";
      context.fillRect(0, 0, side, side);
      context.drawImage(picture, 0, 0);
      return { side, pixels: [...context.getImageData(0, 0, side, side).data] };
    });
    const read = jsQR(Uint8ClampedArray.from(image.pixels), image.side, image.side);
    assert.equal(read?.data, await page.evaluate(() => location.href));
    await context.close();
  });
  await must("the follow view tells what happens now, what is said, what comes next and what is left", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await sounding(page);
    const plan = JSON.parse(native("plan", "self-short", "--format", "json").toString());
    const n = plan.sections.findIndex(({ kind, leg }) => kind === "zone" && leg === "right");
    const zone = plan.sections[n];
    await page.click("#follow-open");
    await at(page, zone.at / 44100 + 1);
    assert.equal(await text(page, "#follow-where"), zone.title);
    assert.equal(await page.locator(`.leg-right .region-${zone.zone}.lit`).count(), 1);
    assert.equal(await page.locator(".region.lit").count(), 1);
    const next = plan.sections.slice(n + 1).find(({ kind }) => kind === "zone" || kind === "pause" || kind === "closing");
    assert.equal(await text(page, "#follow-next"), `Next: ${next.title}`);
    const left = Math.floor(plan.frames / 44100 - (zone.at / 44100 + 1));
    assert.equal(await text(page, "#follow-left"), `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`);
    // The hands climb from tick to tick, and begin again at the bottom.
    const ticks = plan.events.filter(({ track, at }) => track === "tick" && at >= zone.at && at < zone.at + zone.frames);
    const strokes = ticks.filter(({ stroke, sound }) => stroke !== undefined && sound !== "count");
    assert.ok(strokes.length > 2, `${strokes.length} strokes`);
    const heights = [];
    for (const tick of strokes.slice(0, 6)) {
      await at(page, tick.at / 44100 + 0.05);
      assert.ok(await page.evaluate(() => document.querySelector(".hand").classList.contains("tick")), "a tick is seen");
      heights.push(await page.evaluate(() => Number(/translate\(\S+ (\S+)\)/.exec(document.querySelector(".hand").getAttribute("transform"))[1])));
    }
    const turn = heights.findIndex((height, n) => n > 0 && height > heights[n - 1]);
    const climb = turn < 0 ? heights : heights.slice(0, turn);
    assert.ok(climb.length > 1 && climb.every((height, n) => n === 0 || height < climb[n - 1]), `${heights}`);
    // What is said, while it is said.
    const said = plan.events.find(({ text, at }) => text && at > zone.at);
    await at(page, said.at / 44100 + 0.3);
    assert.equal(await text(page, "#follow-words"), `“${said.text}”`);
    await context.close();
  });
  await must("the follow view can be read from two metres, keeps the screen on if asked, and does not glide where nobody wants that", async () => {
    const phone = { viewport: { width: 390, height: 844 }, reducedMotion: "reduce" };
    const { context, page } = await visit(browser, server.url, { hash: "#self-short", ...phone });
    await page.addInitScript(() => {
      globalThis.locks = [];
      const request = async (kind) => {
        globalThis.locks.push(kind);
        return { release: async () => globalThis.locks.push("released") };
      };
      Object.defineProperty(navigator, "wakeLock", { value: { request } });
    });
    await page.reload();
    await sounding(page);
    await page.click("#follow-open");
    await at(page, 200);
    // A letter of 5 arc minutes, the least that a good eye reads: 2.9 mm at two metres. A
    // phone of this width has 6.2 pixels a millimetre, and capitals are 0.7 of the type.
    const size = await page.evaluate(() => Number.parseFloat(getComputedStyle(document.getElementById("follow-where")).fontSize));
    assert.ok((size * 0.7) / 6.2 > 1.5 * 2.9, `${size} px`);
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".hand")).transitionDuration), "0s");
    assert.deepEqual(await page.evaluate(() => globalThis.locks), [], "nobody asked");
    await page.check("#awake");
    await page.waitForFunction(() => globalThis.locks.join() === "screen");
    await page.click("#follow-close");
    await page.waitForFunction(() => globalThis.locks.join() === "screen,released");
    await context.close();
  });
  await must("the share sheet gets the MP3 file, at once or at the second tap", async () => {
    const { context, page } = await visit(browser, server.url, { hash: "#self-short" });
    await page.addInitScript(() => {
      globalThis.shared = [];
      navigator.canShare = ({ files }) => files.every(({ type }) => type === "audio/mpeg");
      navigator.share = async ({ files: [file], title }) => {
        globalThis.shared.push({ name: file.name, type: file.type, title, bytes: file.size });
        if (globalThis.shared.length === 1) throw new DOMException("too late", "NotAllowedError");
      };
    });
    await page.reload();
    await sounding(page);
    await page.click("#take-share");
    await page.waitForFunction(() => document.getElementById("take-told").textContent.includes("once more"), null, { timeout: 60_000 });
    await page.click("#take-share");
    await page.waitForFunction(() => globalThis.shared.length === 2);
    assert.equal(await text(page, "#take-told"), "");
    native("render", "self-short", "--no-cache", "-o", "share.wav", "--also", "mp3");
    const { bytes, ...told } = (await page.evaluate(() => globalThis.shared))[1];
    const { title } = JSON.parse(native("plan", "self-short", "--format", "json").toString());
    assert.deepEqual(told, { name: "self-short.mp3", type: "audio/mpeg", title });
    assert.equal(bytes, readFileSync(join(scratch, "share.mp3")).length);
    await context.close();
  });
  await server.close();
}

/** Goes to a second, in the follow view or not, and waits until that is shown. */
async function at(page, seconds) {
  await page.evaluate((seconds) => {
    const audio = document.getElementById("audio");
    const seek = document.getElementById("seek");
    Object.assign(seek, { min: "0", step: "any", value: String(seconds) });
    seek.dispatchEvent(new Event("input"));
    return audio.currentTime;
  }, seconds);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

const focused = (page) => page.evaluate(() => document.activeElement?.id);

/** Presses Tab until the control has the focus. */
async function to(page, id) {
  for (let n = 0; n < MOST_STEPS; n += 1) {
    if ((await focused(page)) === id) return;
    // Whatever is folded away opens by the key that opens it.
    if (await page.evaluate((id) => document.activeElement?.tagName === "SUMMARY" && document.activeElement.parentElement?.contains(document.getElementById(id)) && !document.activeElement.parentElement.open, id)) {
      await page.keyboard.press("Enter");
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach #${id}`);
}
