// What the buttons − and + make of a value, in the words of the flags.

const STEP_SECONDS = 30;

/** How far a button goes for each kind of value, and where it begins.
 * @type {Record<string, (value: string, sign: number) => string>}
 */
export const STEPS = {
  DB: (value, sign) => signed((Number.parseFloat(value) || 0) + sign),
  N: (value, sign) => {
    const count = (Number.parseInt(value, 10) || 0) + sign;
    return count > 0 ? String(count) : "";
  },
};

/** @param {number} number */
const signed = (number) => (number ? `${number > 0 ? "+" : ""}${number}` : "");

/** Half a minute more or less than it is: of a length that is given, or of what is written.
 * @param {string} value
 * @param {number} sign
 */
export function stepped(value, sign) {
  const relative = value === "" || /^[+-]/.test(value);
  const now = value === "" ? 0 : secondsOf(value);
  // What is no length of time, such as 40strokes, stays as it is.
  if (now === null) return value;
  const seconds = now + sign * STEP_SECONDS;
  if (relative) return seconds ? `${seconds > 0 ? "+" : "-"}${written(Math.abs(seconds))}` : "";
  return seconds > 0 ? written(seconds) : value;
}

/** @param {string} value */
function secondsOf(value) {
  const found = /^([+-]?)(?:(\d+)m)?(?:(\d+)s)?$/.exec(value);
  if (!found) return null;
  const seconds = Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0);
  return found[1] === "-" ? -seconds : seconds;
}

/** @param {number} seconds */
function written(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return (minutes ? `${minutes}m` : "") + (rest || !minutes ? `${rest}s` : "");
}
