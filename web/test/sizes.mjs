// What a visit costs: sizes as a host sends them (Brotli).

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { assert, must, native, site } from "./support.mjs";

const MOST_PAGE = 60_000;
const MOST_ENGINE = 1_600_000;
const MOST_CLIPS = 3_000_000;

const brotli = (path) => brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

export async function run() {
  const files = readdirSync(site, { recursive: true, encoding: "utf8" }).map((name) => join(site, name));
  const sum = (ending) => files.filter((path) => ending.test(path)).reduce((all, path) => all + brotli(path), 0);
  await must("HTML, CSS and JavaScript are small", () => {
    // A reader fetches English, in which the page is written, and one language more at most.
    const others = files.filter((path) => /texts.(?!en\.)[\w-]+\.js$/.test(path)).map(brotli);
    assert.ok(others.length > 3);
    const bytes = sum(/\.(html|css|js|webmanifest)$/) - others.reduce((all, one) => all + one) + Math.max(...others);
    assert.ok(bytes <= MOST_PAGE, `${bytes} bytes`);
    return `${bytes} bytes of ${MOST_PAGE}`;
  });
  await must("the engine is small", () => {
    const bytes = sum(/\.wasm$/);
    assert.ok(bytes <= MOST_ENGINE, `${bytes} bytes`);
    return `${bytes} bytes of ${MOST_ENGINE}`;
  });
  for (const voice of ["en", "es"]) {
    await must(`the clips of one routine are few, ${voice}`, () => {
      const { events } = JSON.parse(native("plan", "partner", "--voice", voice, "--format", "json").toString());
      const said = new Set(events.flatMap(({ clip }) => (clip ? [clip] : [])));
      const paths = files.filter((path) => [...said].some((id) => path.endsWith(`/${voice}/${id}.opus`)));
      assert.equal(paths.length, said.size);
      const bytes = paths.reduce((all, path) => all + readFileSync(path).length, 0);
      assert.ok(bytes <= MOST_CLIPS, `${bytes} bytes`);
      return `${said.size} clips, ${bytes} bytes of ${MOST_CLIPS}`;
    });
  }
}
