// Where the page lies, and which tab this is.

/** Where the page lies. */
export const BASE = new URL("../../", import.meta.url);

/** This tab, among others that the service worker serves. */
export const TAB = random();

/** Letters that nobody else has; `crypto.randomUUID` is there only with HTTPS. */
export function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
