/** Say how each type of event looks: groups, each with a shape and, by the style (theme.css), a colour of its own. */

const SVG = "http://www.w3.org/2000/svg";

/** Outline of each group on a 24 by 24 grid. */
export const GROUPS = {
  violence: { color: "#d55e00", path: "M12 2.2 22.4 21H1.6Z" },
  force: { color: "#0072b2", path: "M3.6 3.6h16.8v16.8H3.6Z" },
  territory: { color: "#8c510a", path: "M5 2h2.6v1.4H20l-3.2 4.3L20 12H7.6v10H5Z" },
  arms: { color: "#4b4b8f", path: "M12 1.4 22.6 12 12 22.6 1.4 12Z" },
  diplomacy: { color: "#009e73", path: "M12 2.4a9.6 9.6 0 1 1 0 19.2a9.6 9.6 0 1 1 0-19.2Z" },
  agreement: { color: "#56b4e9", path: "M7 2.6h10l5.4 9.4L17 21.4H7L1.6 12Z" },
  protest: { color: "#e69f00", path: "M12 1.6l3.1 6.9 7.5.8-5.6 5 1.6 7.4L12 17.9l-6.6 3.8L7 14.3l-5.6-5 7.5-.8Z" },
  coercion: { color: "#cc79a7", path: "M8.2 1.8h7.6v6.4h6.4v7.6h-6.4v6.4H8.2v-6.4H1.8V8.2h6.4Z" },
  other: { color: "#5f6368", path: "M12 1.8 22.2 9.3 18.3 21.4H5.7L1.8 9.3Z" },
};

const OF_TYPE = {
  violence: "strike airstrike shelling bombing explosion clash battle attack assault killing assassination massacre casualties drone_strike ambush explosion invasion",
  force: "exercise deployment mobilization reconnaissance aircraft_loss airlift evacuation movement naval_visit patrol withdrawal blockade",
  territory: "territory seizure control capture siege retreat regain",
  arms: "arms_transfer arms weapons delivery supply aid",
  diplomacy: "visit meeting mediation talks consult statement summit call phone_call appeal recognition cooperation",
  agreement: "agreement treaty deal ceasefire arms_deal contract memorandum truce",
  protest: "protest riot demonstration strike_action sit_in",
  coercion: "arrest abduction detention sanction kidnapping expulsion trial embargo",
};

const OF_PLOVER = {
  assault: "violence",
  coerce: "coercion",
  protest: "protest",
  mobilize: "force",
  agree: "agreement",
  consult: "diplomacy",
  support: "diplomacy",
  cooperate: "diplomacy",
  concede: "diplomacy",
  request: "diplomacy",
  aid: "arms",
  retreat: "territory",
};

/** Write a type the one way the tables here have it. @param {unknown} type */
export const slug = (type) => String(type ?? "").toLowerCase().replace(/[\s-]+/g, "_");

const BY_TYPE = new Map(
  Object.entries(OF_TYPE).flatMap(([group, types]) => types.split(" ").map((type) => [type, group])),
);

/**
 * Name the group of a type; an unknown type goes by its PLOVER code.
 * @param {unknown} type
 * @param {unknown} [plover]
 * @returns {keyof typeof GROUPS}
 */
export function groupOf(type, plover) {
  return BY_TYPE.get(slug(type)) ?? OF_PLOVER[slug(plover).split(/[^a-z]/)[0]] ?? "other";
}

/**
 * Make an SVG element.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** Small signs drawn over a glyph: an arrow leaving, an arrow arriving. */
const BADGES = { origin: "M6 18 17 7M9 7h8v8", destination: "M18 6 7 17M7 9v8h8" };

/**
 * Draw the sign of an event.
 * @param {string} group
 * @param {{size?: number, hollow?: boolean, role?: string, wide?: boolean}} [style]
 *   hollow: spoken of, not asserted; wide: the place is known only as a large area
 */
export function glyph(group, { size = 22, hollow = false, role = "", wide = false } = {}) {
  const known = group in GROUPS ? group : "other";
  const { path } = GROUPS[known];
  const picture = svg("svg", { viewBox: "-6 -6 36 36", width: size * 1.5, height: size * 1.5, "aria-hidden": "true", focusable: "false", class: `geo-glyph geo-g-${known}` });
  if (wide) picture.append(svg("circle", { cx: 12, cy: 12, r: 16.6, class: "geo-wide" }));
  const badge = BADGES[role];
  if (badge) {
    picture.append(svg("circle", { cx: 12, cy: 12, r: 14, class: "geo-disc" }), svg("circle", { cx: 12, cy: 12, r: 12, class: "geo-ring" }), svg("path", { d: badge, class: "geo-way" }));
    return picture;
  }
  picture.append(svg("path", { d: path, class: "geo-halo" }), svg("path", { d: path, class: hollow ? "geo-hollow" : "geo-full" }));
  return picture;
}
