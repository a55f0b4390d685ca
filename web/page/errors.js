// Why something is not there, sorted by what the page does about it.

/** The engine stopped for good; a new one has been started. */
export class Trapped extends Error {
  /**
   * @param {string} why
   * @param {string} [clip] the recording over which it stopped
   */
  constructor(why, clip = "") {
    super(why);
    this.clip = clip;
  }
}

/** What is asked cannot be; `why` is what the engine tells of it (`Refusal` of crates/effleurage-page). */
export class Refused extends Error {
  /** @param {any} why */
  constructor(why) {
    super("refused");
    this.why = why;
  }
}

/** Nobody wants this any more, because another session is shown. */
export class Outdated extends Error {}

/** The person stopped it. */
export class Cancelled extends Error {}

/** A recording of the voice cannot be had. */
export class NoClip extends Error {
  /**
   * @param {string} clip the name of its file
   * @param {boolean} isThere it was fetched, but cannot be read
   * @param {string} why
   */
  constructor(clip, isThere, why) {
    super(why);
    this.clip = clip;
    this.isThere = isThere;
  }
}

/** The server that sent the page cannot be reached. */
export class NoAnswer extends Error {}
