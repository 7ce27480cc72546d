// What htmx does not: sliders say their value, links keep the state, a closed page takes leave.
"use strict";
(() => {
  const desk = document.getElementById("desk");
  if (!desk) return;
  const brief = (value) => String(Number(Number(value).toPrecision(6)));
  const mark = (slider, value) => {
    const step = Number(slider.dataset.step);
    const apart = Math.abs(Number(value) - Number(slider.dataset.usual));
    slider.classList.toggle("changed", apart > (step / 2) * 0.999999);
    const output = slider.querySelector("output");
    if (output) output.textContent = brief(value);
  };
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const slider = event.target.closest(".slider");
      if (slider) mark(slider, event.target.value);
    });
  }
  // links to the other pages keep what the address says now
  const keep = () => {
    const now = new URLSearchParams(location.search);
    for (const name of ["variant", "run", "at", "about", "decision"]) now.delete(name);
    for (const link of document.querySelectorAll("a[data-page]")) {
      link.search = now.toString();
    }
  };
  document.addEventListener("htmx:after:history:update", keep);
  addEventListener("pagehide", () => navigator.sendBeacon("/leave", desk.dataset.key));
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
