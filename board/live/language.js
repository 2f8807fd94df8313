// Shows one language: the one in the address, else the browser's. It runs before anything is drawn.
(() => {
  "use strict";
  const known = ["kk", "ru", "en"];
  const root = document.documentElement;
  const mine = () => navigator.languages.map((each) => each.slice(0, 2)).find((each) => known.includes(each)) ?? "kk";
  const asked = () => known.find((each) => location.hash === `#${each}` || location.hash.startsWith(`#${each}-`));
  const show = () => {
    const language = asked() ?? root.dataset.language ?? mine();
    root.lang = root.dataset.language = language;
    for (const link of document.querySelectorAll("nav a")) {
      if (link.lang === language) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    document.getElementById("news")?.replaceChildren();
  };
  show();
  addEventListener("hashchange", show);
  addEventListener("DOMContentLoaded", () => {
    show();
    document.querySelector("nav").addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault(); // the reader stays at the place where she is
      history.replaceState(null, "", link.hash);
      show();
    });
  });
})();
