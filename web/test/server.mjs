// A static server as any host has one: files of a folder, with Range. A test may break a
// file, slow nothing down, and take the server away.

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".toml": "text/plain",
  ".txt": "text/plain",
  ".opus": "audio/ogg",
};

/**
 * Serves `folder`; `broken` has what is served in the place of a file, by the end of its name.
 * @param {string} folder
 * @param {number} [port]
 */
export async function serve(folder, port = 0) {
  /** @type {Map<string, (file: Buffer) => Buffer>} */
  const broken = new Map();
  const state = { folder, broken, asked: /** @type {string[]} */ ([]) };
  const server = createServer((request, response) => answer(state, request, response).catch(() => response.destroy()));
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    ...state,
    state,
    url: `http://127.0.0.1:${address.port}/`,
    port: address.port,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer({ folder, broken, asked }, request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  asked.push(pathname);
  const path = join(folder, normalize(decodeURIComponent(pathname)), pathname.endsWith("/") ? "index.html" : "");
  const info = await stat(path).catch(() => null);
  if (!path.startsWith(folder) || !info?.isFile()) return response.writeHead(404).end("not here");
  const headers = { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", "Accept-Ranges": "bytes", "Cache-Control": "no-cache" };
  for (const [end, spoil] of broken) {
    if (pathname.endsWith(end)) return response.writeHead(200, headers).end(spoil(await readFile(path)));
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (!range) {
    response.writeHead(200, { ...headers, "Content-Length": info.size });
    return createReadStream(path).pipe(response);
  }
  const [start, end] = [Number(range[1]), range[2] ? Math.min(Number(range[2]), info.size - 1) : info.size - 1];
  if (start > end) return response.writeHead(416, { "Content-Range": `bytes */${info.size}` }).end();
  response.writeHead(206, { ...headers, "Content-Range": `bytes ${start}-${end}/${info.size}`, "Content-Length": end - start + 1 });
  return createReadStream(path, { start, end }).pipe(response);
}
