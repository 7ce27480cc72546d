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
  // a run: the slider of time is the one control, others move it
  const time = document.getElementById("at");
  if (time) {
    const dates = time.dataset.dates.split(" ");
    const player = time.closest(".player");
    const play = player.querySelector("[data-play]");
    const last = dates.length - 1;
    let timer = 0;
    const say = () => {
      player.querySelector("output").textContent = dates[time.value];
      time.setAttribute("aria-valuetext", dates[time.value]);
    };
    const halt = () => {
      clearTimeout(timer);
      timer = 0;
      play.textContent = "Play";
      play.setAttribute("aria-pressed", "false");
    };
    const move = (steps) => {
      const to = Math.min(last, Math.max(0, Number(time.value) + steps));
      if (String(to) === time.value) { halt(); return; }
      time.value = to;
      time.dispatchEvent(new Event("change", { bubbles: true }));
    };
    time.addEventListener("input", say);
    time.addEventListener("change", say);
    player.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.step) { halt(); move(Number(button.dataset.step)); return; }
      if (timer) { halt(); return; }
      play.textContent = "Pause";
      play.setAttribute("aria-pressed", "true");
      if (Number(time.value) === last) time.value = -1;
      move(1);
      timer = setTimeout(() => {}, 0);
    });
    document.addEventListener("htmx:after:swap", () => {
      const period = document.querySelector("#frame .period");
      if (!period) return;
      time.setAttribute("hx-get", period.dataset.next);
      if (time.value !== period.dataset.at && !timer) { time.value = period.dataset.at; }
      say();
      if (timer) { clearTimeout(timer); timer = setTimeout(() => move(1), 700); }
    });
  }
  // what was asked and not answered
  document.addEventListener("htmx:error", (event) => {
    const aborted = event.detail?.error?.name === "AbortError";
    if (!aborted) document.getElementById("silent").hidden = false;
  });
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
