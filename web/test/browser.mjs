// Debian's Chromium, driven from outside and talking to nobody but the test.

import { chromium } from "playwright-core";

/** A browser; its reader may like text larger than usual. */
export function browse({ text = 1 } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
      `--blink-settings=defaultFontSize=${16 * text},defaultFixedFontSize=${13 * text}`,
    ],
  });
}
