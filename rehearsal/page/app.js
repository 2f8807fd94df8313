// Who holds the handsets, what the server tells of their screens, and the frame around them.
import { $, el, initials, tint } from "./dom.js";
import { SAY, TONGUES, said, speak, t, tongue } from "./words.js";
import { choosePerson, drawPeople } from "./people.js";
import * as telegram from "./telegram.js";
import * as phone from "./phone.js";

let person = null;
let bot = "";
let stream = null;
let state = null;
let texts = null; // how many texts the phone had when last looked at
const unread = { telegram: 0, phone: 0 };
const narrow = matchMedia("(max-width: 820px)");

async function send(where, body) {
  const query = bot ? `?bot=${encodeURIComponent(bot)}` : "";
  const answer = await fetch(`/people/${person.id}/${where}${query}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  return answer.json();
}

export function hold(card) {
  person = card;
  bot = "";
  texts = null;
  Object.assign(unread, { telegram: 0, phone: 0 });
  history.replaceState(null, "", `#${card.phone}`);
  telegram.reset();
  phone.reset();
  drawWho();
  listen();
}

function listen() {
  stream?.close();
  stream = new EventSource(`/people/${person.id}/events${bot ? `?bot=${encodeURIComponent(bot)}` : ""}`);
  const mine = stream;
  stream.addEventListener("screen", (event) => mine === stream && draw(JSON.parse(event.data)));
  stream.addEventListener("state", (event) => { state = JSON.parse(event.data); drawState(); });
  stream.addEventListener("open", () => { $("lost").hidden = true; });
  stream.addEventListener("error", () => { $("lost").hidden = false; });
}

function draw(screen) {
  person = screen.person;
  const news = telegram.draw(screen.telegram, person);
  phone.draw(screen.sms, person);
  const received = screen.sms.filter((sms) => !sms.me);
  if (texts !== null && received.length > texts) newText(received.at(-1), received.length - texts);
  texts = received.length;
  if (news && tab() !== "telegram") unread.telegram += news;
  drawTabs();
}

const tab = () => (narrow.matches ? document.body.dataset.tab : "both");

function newText(sms, count) {
  phone.buzz();
  if (tab() === "telegram") {
    unread.phone += count;
    $("banner-from").textContent = `${t("new_text")} · ${sms.from}`;
    $("banner-text").textContent = sms.text;
    const banner = $("banner");
    banner.hidden = false;
    banner.classList.remove("in");
    requestAnimationFrame(() => banner.classList.add("in"));
    clearTimeout(newText.timer);
    newText.timer = setTimeout(() => { banner.hidden = true; }, 9000);
  }
}

function show(name) {
  document.body.dataset.tab = name;
  unread[name] = 0;
  if (name === "phone") $("banner").hidden = true;
  drawTabs();
  (name === "phone" ? phone : telegram).shown();
}

function drawTabs() {
  for (const button of $("tabs").children) {
    const name = button.dataset.tab;
    button.setAttribute("aria-selected", String(document.body.dataset.tab === name));
    const badge = button.querySelector(".badge");
    badge.hidden = !unread[name];
    badge.textContent = unread[name];
  }
}

function drawWho() {
  $("who-name").textContent = person ? person.name : t("choose");
  $("who-phone").textContent = person ? person.phone : t("waiting");
  $("who-region").textContent = person && person.region ? ` · ${person.region}` : "";
  $("who-avatar").textContent = person ? initials(person.name) : "?";
  tint($("who-avatar"), person ? person.name : "");
}

function drawState() {
  const { lines, links, share } = state || { lines: [], links: [], share: null };
  $("score").hidden = !lines.length && !links.length && share === null;
  $("score-lines").replaceChildren(...lines.map((line) => el("p", {}, said(line))));
  const bar = $("score-bar");
  bar.hidden = share === null;
  bar.setAttribute("aria-label", t("turnout"));
  bar.setAttribute("aria-valuenow", Math.round((share || 0) * 100));
  bar.firstElementChild.style.inlineSize = `${(share || 0) * 100}%`;
  $("score-links").replaceChildren(...links.map((link) => el("a", { href: link.url, target: "_blank", rel: "noopener" }, said(link.text))));
}

function drawWords() {
  document.documentElement.lang = tongue;
  document.title = t("title");
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = t(node.dataset.word);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  $("lost").textContent = t("lost");
  $("theme").setAttribute("aria-label", t("theme"));
  $("theme").title = t("theme");
  $("who").title = t("choose");
  $("tongues").setAttribute("aria-label", t("language"));
  $("tongues").replaceChildren(...Object.entries(TONGUES).map(([code, name]) =>
    el("button", { lang: code, "aria-pressed": String(code === tongue), onclick: () => { speak(code); drawWords(); } }, name)));
  drawWho();
  drawState();
  telegram.drawWords();
  phone.drawWords();
  drawPeople();
}

function theme(next) {
  if (next) localStorage.setItem("theme", next);
  const kept = localStorage.getItem("theme");
  if (kept) document.documentElement.dataset.theme = kept;
}

async function begin() {
  theme();
  telegram.begin((act) => send("telegram", act));
  phone.begin((act) => send("sms", act), (language) => SAY[language] || SAY.ru);
  $("who").addEventListener("click", () => choosePerson(hold));
  $("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    theme(dark ? "light" : "dark");
  });
  $("tabs").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) show(button.dataset.tab);
  });
  $("tabs").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    show(document.body.dataset.tab === "phone" ? "telegram" : "phone");
    $(`tab-${document.body.dataset.tab}`).focus();
  });
  $("banner").addEventListener("click", () => show("phone"));
  $("bot-choice").addEventListener("change", (event) => { bot = event.target.value; telegram.reset(); listen(); });
  drawWords();
  drawTabs();
  await meet();
}

// The member named in the address, else the first there is; people may come later than the page.
async function meet() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const named = wanted ? await fetch(`/people/${encodeURIComponent(wanted)}`) : null;
  if (named?.ok) return hold((await named.json()).person);
  const { people } = await (await fetch("/people?limit=1")).json();
  if (people.length) hold(people[0]);
  else setTimeout(meet, 1500);
}

begin();
