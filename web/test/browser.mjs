// Debian's Chromium, driven from outside and talking to nobody but the test.

import { chromium } from "playwright-core";

/** A browser; its reader may like text larger than usual, and a name may lead to this machine. */
export function browse({ text = 1, host = "" } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
      ...(host ? [`--host-resolver-rules=MAP ${host} 127.0.0.1`] : []),
      `--blink-settings=defaultFontSize=${16 * text},defaultFixedFontSize=${13 * text}`,
    ],
  });
}
