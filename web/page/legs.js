// Two legs from behind, the left one on the left, with a place for every region; drawn from
// the same edges as the card.

const SVG = "http://www.w3.org/2000/svg";
const LEG_WIDTH = 100;
const BETWEEN = 26;

/** How far down, the outer edge, the inner edge of a left leg. */
const EDGES = [
  [-86, 12, 106], [-62, 3, 110], [-34, -2, 110], [-10, -0.5, 104],
  [0, 1, 98], [60, 3, 95], [130, 9.5, 87], [190, 17, 79.5], [226, 20, 77.5], [262, 20.5, 79],
  [300, 17, 81], [340, 10.5, 86.5], [378, 11, 88.5], [430, 22, 79], [484, 32.5, 67.5],
  [514, 35.5, 64.5], [534, 31.5, 68.5], [554, 34, 66.5], [574, 30, 69.5], [598, 30, 68],
  [622, 30, 61], [650, 23.5, 72], [672, 25, 75.5],
];
/** Where the leg begins, below the hip. */
const LEG = 4;
/** Where each toe is, how far across and down. */
const TOES = [[67.5, 683, 8.8, 13], [52.5, 685.5, 5.9, 10], [43, 682.5, 5.3, 9], [34.5, 677.5, 4.9, 8.2], [27.5, 670, 4.5, 7.2]];
/** Each region from which row to which, the highest first.
 * @type {Record<string, [number, number]>}
 */
const ROWS = { hip: [0, 4], thigh: [4, 8], knee: [8, 10], calf: [10, 14], ankle: [14, 17], foot: [17, 22], sole: [19, 22] };

/** The drawing, with `.leg-left` and `.leg-right`, and in each a `.region-…`. */
export function legs() {
  const picture = element("svg", { viewBox: "-14 -8 254 714" });
  for (const side of ["left", "right"]) {
    const group = element("g", { class: `leg leg-${side}` });
    for (const [x, cy, rx, ry] of TOES) group.append(element("ellipse", { class: "skin", cx: across(side, x), cy, rx, ry }));
    group.append(element("path", { class: "skin", d: outline(side, LEG, EDGES.length - 1) }));
    for (const [region, [top, bottom]] of Object.entries(ROWS)) {
      group.append(element("path", { class: `region region-${region}`, d: outline(side, top, bottom) }));
    }
    picture.append(group);
  }
  picture.append(element("circle", { class: "hand", r: 15, cx: 0, cy: 0 }));
  return picture;
}

/**
 * Where hands are that have climbed a share of a region.
 * @param {string} side
 * @param {string} region
 * @param {number} share
 */
export function climbed(side, region, share) {
  const rows = ROWS[region];
  if (!rows) return null;
  const [top, bottom] = [EDGES[rows[0]][0], EDGES[rows[1]][0]];
  const y = bottom + (top - bottom) * share;
  const above = EDGES.findLastIndex(([at]) => at <= y);
  const [, outer, inner] = EDGES[Math.max(0, above)];
  return { x: across(side, (outer + inner) / 2), y };
}

/**
 * @param {string} side
 * @param {number} top
 * @param {number} bottom
 */
function outline(side, top, bottom) {
  const rows = EDGES.slice(top, bottom + 1);
  const down = rows.map(([y, outer]) => [across(side, outer), y]);
  const up = rows.map(([y, , inner]) => [across(side, inner), y]).reverse();
  return `M${curve(down)}L${curve(up)}Z`;
}

/** A smooth line through points (Catmull-Rom).
 * @param {number[][]} points
 */
function curve(points) {
  let path = points[0].join(" ");
  for (let n = 0; n + 1 < points.length; n += 1) {
    const [before, from, to, after] = [points[n - 1] ?? points[n], points[n], points[n + 1], points[n + 2] ?? points[n + 1]];
    const bend = (/** @type {number} */ i) => [from[i] + (to[i] - before[i]) / 6, to[i] - (after[i] - from[i]) / 6];
    const [[ax, bx], [ay, by]] = [bend(0), bend(1)];
    path += `C${[ax, ay, bx, by, to[0], to[1]].map((n) => n.toFixed(1)).join(" ")}`;
  }
  return path;
}

/**
 * @param {string} side
 * @param {number} x
 */
function across(side, x) {
  return side === "right" ? 2 * LEG_WIDTH + BETWEEN - x : x;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
