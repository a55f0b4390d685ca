// The one seam between what people see and whoever plans, speaks and encodes: the engine in
// this browser, or the server that sent the page. web/README.md has the contract.

import { ANSWERS } from "./build.js";
import { Here } from "./here.js";
import { There } from "./there.js";

/** @typedef {import("./request.js").Request} Request */

/** A file on this device.
 * @typedef {{ url: string, file: Blob }} Made
 */

/** Who answers.
 *
 * - `about`, `view`, `qr`: what there is to choose, a plan to be seen, a text as a picture.
 * - `own`: takes a sound of the person's own, by the name that a flag calls it.
 * - `want`: from now on, the rest is about this request; `file` is about the one viewed last.
 * - `ready`: until it can be played; `settle`: until all is ready, and kept for later.
 * - `now`, `source`: the address of the track, if that is known at once, and else later.
 * - `download`: an address for the browser's own download, where there is one; else `make`.
 * - `make`, `made`, `cancel`: a whole file on this device, such as `mp3`; `whole` is the kind
 *   that is played where nothing may be needed meanwhile.
 *
 * @typedef {{
 *   about: (voice: string) => Promise<any>,
 *   view: (request: Request, width: number) => Promise<any>,
 *   qr: (text: string) => Promise<string>,
 *   own: (name: string, bytes: ArrayBuffer) => Promise<void>,
 *   want: (request: Request) => void,
 *   file: (name: string) => Promise<Blob>,
 *   ready: () => Promise<unknown>,
 *   settle: () => Promise<void>,
 *   now: () => string | null,
 *   source: () => Promise<string>,
 *   download: (ending: string, name: string) => Promise<string | null>,
 *   make: (ending: string, progress: (share: number) => void) => Promise<Made>,
 *   made: (ending: string) => Made | null,
 *   cancel: () => void,
 *   whole: string,
 * }} Answers
 */

/**
 * @param {(share: number | null) => void} waits is told how far the sound is, and null once it is there
 * @returns {Answers}
 */
export function answers(waits) {
  return ANSWERS === "there" ? new There(waits) : new Here(waits);
}

