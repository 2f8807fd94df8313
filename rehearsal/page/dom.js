// Small hands for the document.
export const $ = (id) => document.getElementById(id);

// el("p.note", { title: "x" }, "text", child)
export function el(name, given = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const initials = (name) =>
  name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word)).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();

export function tint(node, name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  node.style.setProperty("--hue", sum);
}

// A menu that opens from a button and closes by Escape, by choosing, or by a press elsewhere.
export function menu(button, panel, fill) {
  const close = (back) => {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  };
  button.addEventListener("click", () => {
    if (!panel.hidden) return close(true);
    panel.replaceChildren(...fill().map(([label, act, note]) =>
      el("button", { type: "button", role: "menuitem", onclick: () => { close(true); act(); } },
        el("span.menu-label", {}, label), note ? el("span.menu-note", {}, note) : "")));
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    panel.querySelector("button")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    const items = [...panel.querySelectorAll("button")];
    const here = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close(true);
    else if (step) items.at((here + step) % items.length)?.focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!panel.contains(event.target) && !button.contains(event.target)) close(false);
  });
}

// Keep a scrolled log where its reader left it, or at the newest.
export const atBottom = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 48;
