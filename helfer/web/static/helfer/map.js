// Lays Leaflet over the drawn map, so that people can zoom. Loaded after vendor/leaflet/leaflet.js.
"use strict";

(() => {
  const words = (thing) => [thing.number, thing.label, thing.note].filter(Boolean).join(", ");

  const follow = (layer, thing, element) => {
    if (!thing.href) return;
    const go = () => window.location.assign(thing.href);
    layer.on("click", go);
    element?.addEventListener("keydown", (event) => {
      if (event.key === "Enter") go();
    });
  };

  const makeReachable = (element, thing) => {
    if (!element) return;
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", thing.href ? "link" : "img");
    element.setAttribute("aria-label", words(thing));
  };

  const draw = (box) => {
    const data = JSON.parse(document.getElementById(box.dataset.map).textContent);
    const drawing = box.querySelector(".h-map__drawing");
    const live = document.createElement("div");
    live.className = "h-map__live";
    live.setAttribute("role", "group");
    live.setAttribute("aria-label", drawing.getAttribute("aria-label"));
    drawing.before(live);

    const map = L.map(live, { scrollWheelZoom: false, zoomSnap: 0.25, attributionControl: Boolean(data.tiles) });
    map.fitBounds(data.bounds);
    if (data.tiles) L.tileLayer(data.tiles, { maxZoom: 19 }).addTo(map);

    // A dozen names can be read, sixty cannot.
    const namesFit = data.areas.length <= 15 && live.clientWidth > 500;
    for (const area of data.areas) {
      const className = area.tone ? `h-map__area h-map__area--${area.tone}` : "h-map__area";
      const shape = L.polygon(area.rings, { className, fillOpacity: data.tiles ? 0.2 : 1 }).addTo(map);
      if (namesFit) shape.bindTooltip(area.label, { permanent: true, direction: "center", className: "h-map__label" });
      else shape.bindTooltip(words(area), { sticky: true });
      const path = shape.getElement();
      makeReachable(path, area);
      follow(shape, area, path);
    }
    for (const pin of [...data.pins].reverse()) {
      const text = document.createElement("span");
      text.className = `h-map__marker h-map__marker--${pin.kind}`;
      text.textContent = pin.number;
      const marker = L.marker(pin.at, { icon: L.divIcon({ html: text, className: "", iconSize: [40, 40] }), keyboard: true });
      marker.addTo(map).bindTooltip(words(pin));
      makeReachable(marker.getElement(), pin);
      follow(marker, pin, marker.getElement());
    }
    drawing.setAttribute("hidden", "");
  };

  const start = () => {
    if (window.L) document.querySelectorAll("[data-map]").forEach(draw);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
