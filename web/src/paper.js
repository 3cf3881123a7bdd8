/** Make the page ready for paper: the map keeps what it shows at the size it has there, the list is written out. */

/**
 * @param {import("./shell.js").Page} page
 * @param {() => void} writeOut make the list long
 */
export function paper({ app, map, theme }, writeOut) {
  let before = null;
  const lay = () => {
    if (before) return;
    before = { centre: map.getCenter(), zoom: map.getZoom() };
    const seen = map.getBounds();
    theme.paper(true);
    app.classList.add("geo-paper");
    writeOut();
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(seen, { animate: false });
  };
  const lift = () => {
    if (!before) return;
    theme.paper(false);
    app.classList.remove("geo-paper");
    map.invalidateSize({ animate: false, pan: false });
    map.setView(before.centre, before.zoom, { animate: false });
    before = null;
  };
  window.addEventListener("beforeprint", lay);
  window.addEventListener("afterprint", lift);
  window.matchMedia("print").addEventListener("change", (event) => (event.matches ? lay() : lift()));
}
