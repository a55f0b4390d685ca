// What the build knows; it writes this file anew.

/** @type {string} the version of the page */
export const VERSION = "dev";

/** @type {string} where the voices lie, from the page's address */
export const VOICES_AT = "voices/";

/** @type {Record<string, { name: string, language: string }>} */
export const VOICES = {};

/** @type {string} who answers: `here`, the engine in this browser, or `there`, the server */
export const ANSWERS = "here";
