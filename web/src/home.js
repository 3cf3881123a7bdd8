/**
 * Say which layer an event belongs to.
 * @param {import("./island.js").Table} events
 * @param {number} row
 * @returns {"unlocated" | "doubtful" | "journeys" | "events"}
 */
export function homeOf(events, row) {
  if (events.get(row, "lon") === null || events.get(row, "lat") === null) return "unlocated";
  if ((events.get(row, "modality") ?? "asserted") !== "asserted") return "doubtful";
  const role = events.get(row, "location_role");
  return role === "origin" || role === "destination" ? "journeys" : "events";
}
