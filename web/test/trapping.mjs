// An engine of which one function traps as soon as it is called: what a decoder's fault does
// to WebAssembly, which cannot catch it.

/**
 * @param {Buffer} module
 * @param {string} name of an exported function
 */
export function trapping(module, name) {
  const bytes = Buffer.from(module);
  const sections = new Map();
  for (let at = 8; at < bytes.length;) {
    const kind = bytes[at];
    const [length, start] = leb128(bytes, at + 1);
    sections.set(kind, start);
    at = start + length;
  }
  const function_ = exported(bytes, sections.get(7), name) - imported(bytes, sections.get(2));
  let [, at] = leb128(bytes, sections.get(10));
  for (let n = 0; n < function_; n += 1) {
    const [length, start] = leb128(bytes, at);
    at = start + length;
  }
  const [length, start] = leb128(bytes, at);
  let [groups, code] = leb128(bytes, start);
  for (; groups > 0; groups -= 1) code = leb128(bytes, code)[1] + 1;
  // `unreachable`, and the rest of the function is `nop` until its `end`.
  bytes.fill(0x01, code, start + length - 1);
  bytes[code] = 0x00;
  return bytes;
}

function exported(bytes, start, name) {
  let [count, at] = leb128(bytes, start);
  for (; count > 0; count -= 1) {
    const [length, text] = leb128(bytes, at);
    const found = bytes.toString("utf8", text, text + length);
    const kind = bytes[text + length];
    const [index, after] = leb128(bytes, text + length + 1);
    if (kind === 0 && found === name) return index;
    at = after;
  }
  throw new Error(`the engine exports no ${name}`);
}

/** How many functions come before the module's own; it imports nothing else. */
function imported(bytes, start) {
  return start === undefined ? 0 : leb128(bytes, start)[0];
}

function leb128(bytes, at) {
  let number = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    number |= (bytes[at] & 0x7f) << shift;
    if (bytes[at] < 0x80) return [number >>> 0, at + 1];
  }
}
