// Asks now and then whether there is a newer bulletin, and renews in place what has changed.
const USUAL = 30_000;
const SOON = 3_000;
const LONGEST = 600_000;

const main = document.querySelector("main");
const news = document.getElementById("news");
let etag = "";
let misses = 0;
let timer;

const said = (what) => document.getElementById(document.documentElement.dataset.language)?.dataset[what] ?? "";
const tell = (text) => {
  if (news.textContent !== text) news.textContent = text;
};

// Nobody asks at the same moment as all the others: between half and one and a half of this time.
const later = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(look, milliseconds * (0.5 + Math.random()));
};

async function look() {
  if (document.hidden) return; // asks when it is seen again
  try {
    const upToDate = await renewed();
    if (misses) tell("");
    misses = 0;
    later(upToDate ? USUAL : SOON);
  } catch {
    misses += 1;
    if (misses > 1) tell(said("away"));
    later(Math.min(USUAL * 2 ** misses, LONGEST));
  }
}

// Whether the page shows what is the latest.
async function renewed() {
  const answer = await fetch("latest.json", { cache: "no-store", headers: etag ? { "If-None-Match": etag } : {} });
  if (answer.status === 304) return true;
  if (!answer.ok) throw new Error(`latest.json: ${answer.status}`);
  const latest = (await answer.json()).number;
  if (latest !== Number(main.dataset.bulletin)) {
    const text = await fetch(location.pathname, { cache: "no-cache" });
    if (!text.ok) throw new Error(`the page: ${text.status}`);
    const fresh = new DOMParser().parseFromString(await text.text(), "text/html");
    const scripts = (page) => [...page.scripts].map((script) => script.text).join();
    if (scripts(fresh) !== scripts(document)) return location.reload(); // the program itself is a newer one
    if (Number(fresh.querySelector("main").dataset.bulletin) < latest) return false; // the page is written last
    renew(main, document.importNode(fresh.querySelector("main"), true));
    tell(said("news"));
  }
  etag = answer.headers.get("ETag") ?? "";
  return true;
}

// Makes the old node equal to the fresh one and touches nothing that is equal already: what has the focus keeps it,
// what was folded out stays so, and what the reader typed stays where it is.
function renew(old, fresh) {
  if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if ("kept" in old.dataset) return;
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, place) => (place < before.length ? renew(before[place], node) : old.append(node)));
  before.slice(after.length).forEach((node) => node.remove());
}

if (location.protocol.startsWith("http")) {
  later(USUAL);
  document.addEventListener("visibilitychange", () => later(document.hidden ? LONGEST : SOON));
  addEventListener("online", () => later(SOON));
}
