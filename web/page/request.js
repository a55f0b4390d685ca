// What a person asks for, and how the address says it: the words of the command line,
// `#partner&zone=calf=3m&talk=brief&voice=es`.

import { VOICES } from "./build.js";

/** @typedef {{ flag: string, value: string, help: string, choices: string[], examples: string[] }} Setting */

/** A flag and its value; `zone` and `pace` may come several times.
 * @typedef {[string, string]} Flag
 */

/** The flags that the table of settings does not hold. */
export const MANY = ["zone", "pace"];
/** The voice that need not be named: English, where it is offered. */
export const USUAL = "en" in VOICES ? "en" : (Object.keys(VOICES)[0] ?? "en");
/** What the address calls a routine file of the person's own. */
export const OWN = "own";

export class Request {
  constructor() {
    this.routine = "partner";
    /** @type {string | null} what is in a file of the person's own */
    this.text = null;
    this.voice = USUAL;
    /** @type {Flag[]} */
    this.flags = [];
  }

  /** @param {string} flag */
  get(flag) {
    return this.flags.find(([name]) => name === flag)?.[1];
  }

  /**
   * Sets a flag; nothing takes it out.
   * @param {string} flag
   * @param {string | null} value
   */
  set(flag, value) {
    this.flags = this.flags.filter(([name]) => name !== flag);
    if (value !== null) this.flags.push([flag, value]);
  }

  /**
   * The value for one zone or technique, as in `zone=calf=3m`.
   * @param {string} flag
   * @param {string} name
   */
  part(flag, name) {
    const whole = this.flags.find(([one, value]) => one === flag && value.startsWith(`${name}=`));
    return whole?.[1].slice(name.length + 1);
  }

  /**
   * @param {string} flag
   * @param {string} name
   * @param {string | null} value
   */
  setPart(flag, name, value) {
    this.flags = this.flags.filter(([one, whole]) => one !== flag || !whole.startsWith(`${name}=`));
    if (value !== null) this.flags.push([flag, `${name}=${value}`]);
  }

  /** As the engine reads it. */
  asked() {
    const own = this.text !== null;
    return {
      routine: own ? "your-file.toml" : this.routine,
      ...(own ? { text: this.text } : {}),
      voice: this.voice,
      flags: inOrder(this.flags).map(([flag, value]) => [`--${flag}`, value]),
      rate: 44100,
      bits: 16,
    };
  }

  /** The address that asks for the same. */
  address() {
    const voice = this.voice === USUAL ? [] : [`voice=${this.voice}`];
    const routine = this.text === null ? this.routine : OWN;
    return "#" + [routine, ...this.words(), ...voice].map(escaped).join("&");
  }

  /** The same as a server is asked, which has a routine file by this name.
   * @param {string} file
   */
  query(file) {
    const routine = this.text === null ? this.routine : `${OWN}=${file}`;
    // Readers of forms take a plain `+` for a space.
    return [routine, ...this.words(), `voice=${this.voice}`].map(escaped).join("&").replaceAll("+", "%2B");
  }

  words() {
    return inOrder(this.flags).map(([flag, value]) => (value ? `${flag}=${value}` : flag));
  }
}

/** The order of the command line does not matter, so one is as good as another.
 * @param {Flag[]} flags
 */
function inOrder(flags) {
  return [...flags].sort(([a, x], [b, y]) => (a + x < b + y ? -1 : 1));
}

/** @param {string} text */
function escaped(text) {
  return encodeURIComponent(text).replace(/%(3D|3A|2C|2F|2B)/g, (code) => decodeURIComponent(code));
}

/**
 * What an address asks for, and what in it is not understood.
 * @param {string} hash
 * @param {string[]} routines
 * @param {string[]} voices
 * @param {Setting[]} settings
 * @returns {{ request: Request, unknown: string[], own: boolean }}
 */
export function read(hash, routines, voices, settings) {
  const request = new Request();
  const unknown = [];
  let own = false;
  const parts = hash.replace(/^#/, "").split("&").filter((part) => part).map(plain);
  for (const [n, part] of parts.entries()) {
    const [flag, value] = halves(part);
    const setting = settings.find((known) => known.flag === flag);
    if (n === 0 && routines.includes(part)) request.routine = part;
    else if (n === 0 && part === OWN) own = true;
    else if (flag === "voice" && voices.includes(value)) request.voice = value;
    else if (MANY.includes(flag) && value) request.flags.push([flag, value]);
    else if (setting && (value || !setting.value)) request.set(flag, value);
    else unknown.push(part);
  }
  return { request, unknown, own };
}

/** @param {string} part @returns {[string, string]} */
function halves(part) {
  const at = part.indexOf("=");
  return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
}

/** @param {string} part */
function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
