// Progressive enhancement alone: the page is whole without it.
"use strict";
(() => {
  const all = [...document.querySelectorAll("details")];
  const contents = document.querySelector(".contents");
  if (contents && all.length) {
    const button = document.createElement("button");
    button.type = "button";
    const say = () => {
      button.textContent = all.every((each) => each.open) ? "Fold all numbers" : "Unfold all numbers";
    };
    button.addEventListener("click", () => {
      const open = !all.every((each) => each.open);
      all.forEach((each) => { each.open = open; });
      say();
    });
    all.forEach((each) => each.addEventListener("toggle", say));
    say();
    contents.append(button);
  }
  for (const code of document.querySelectorAll(".commands code")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy: " + code.textContent);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select and copy";
      }
    });
    code.parentElement.append(button);
  }
  const fitted = () => {
    for (const each of document.querySelectorAll(".scroll")) {
      if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
      else each.removeAttribute("tabindex");
    }
  };
  fitted();
  addEventListener("resize", fitted);
  all.forEach((each) => each.addEventListener("toggle", fitted));
  const links = new Map([...document.querySelectorAll(".contents a")].map((each) => [each.hash.slice(1), each]));
  if (links.size && "IntersectionObserver" in window) {
    const seen = new Set();
    const watch = new IntersectionObserver((entries) => {
      for (const each of entries) seen[each.isIntersecting ? "add" : "delete"](each.target.id);
      const first = [...links.keys()].find((place) => seen.has(place));
      if (!first) return;
      links.forEach((link, place) => {
        if (place === first) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    }, { rootMargin: "-10% 0px -60% 0px" });
    document.querySelectorAll("main > section").forEach((each) => watch.observe(each));
  }
})();
