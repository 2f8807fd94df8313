// The plain phone: text messages on a small screen, a keypad that types digits.
import { $, atBottom, el } from "./dom.js";
import { clock, t } from "./words.js";

const KEYS = [["1", ""], ["2", "abc"], ["3", "def"], ["4", "ghi"], ["5", "jkl"], ["6", "mno"], ["7", "pqrs"], ["8", "tuv"], ["9", "wxyz"], ["*", "+"], ["0", "␣"], ["#", "⇧"]];
let act = async () => {};
let wordsOf = () => [];
let drawn = [];
let person = null;

export function begin(send, words) {
  act = send;
  wordsOf = words;
  $("sms-line").addEventListener("submit", (event) => { event.preventDefault(); say($("sms-text").value); });
  $("sms-text").addEventListener("input", count);
  $("sms-clear").addEventListener("click", () => { $("sms-text").value = $("sms-text").value.slice(0, -1); count(); });
  $("keys").replaceChildren(...KEYS.map(([digit, letters]) =>
    el("button", { type: "button", "aria-label": digit === "0" ? "0" : digit, onclick: () => type(digit) }, el("b", {}, digit), el("small", { "aria-hidden": "true" }, letters))));
  keyHold();
  $("phone").addEventListener("keydown", typed);
  setInterval(drawClock, 20000);
  drawClock();
}

// Zero held down types a space, as on the old phones.
function keyHold() {
  const zero = $("keys").children[10];
  let timer = 0;
  zero.addEventListener("pointerdown", () => { timer = setTimeout(() => { put(" "); zero.dataset.held = "1"; }, 450); });
  for (const end of ["pointerup", "pointerleave"]) zero.addEventListener(end, () => clearTimeout(timer));
}

// Letters typed while a key of the phone has the focus go to the message all the same.
function typed(event) {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.length === 1 && event.key !== " ") put(event.key);
  else if (event.key === "Backspace") $("sms-clear").click();
}

function type(digit) {
  const zero = $("keys").children[10];
  if (digit === "0" && zero.dataset.held) { delete zero.dataset.held; return; }
  put(digit);
}

function put(sign) {
  const box = $("sms-text");
  box.value += sign;
  box.setSelectionRange(box.value.length, box.value.length);
  count();
}

export function reset() {
  drawn = [];
  person = null;
  $("sms-text").value = "";
  $("texts").replaceChildren();
}

// The first unread text in view, or the newest.
export function shown() {
  const box = $("texts");
  const unread = box.querySelectorAll(".unread");
  box.scrollTop = unread.length ? unread[0].offsetTop - 8 : box.scrollHeight;
  for (const node of unread) node.classList.remove("unread");
}

export function draw(texts, who) {
  const first = person === null;
  person = who;
  const box = $("texts");
  const stood = first || atBottom(box);
  box.querySelector(".no-texts")?.remove();
  let newest = null;
  texts.forEach((sms, place) => {
    const json = JSON.stringify(sms);
    if (drawn[place] === json) return;
    const node = line(sms);
    if (drawn[place] === undefined) { box.append(node); newest = newest || node; mark(node, first); }
    else box.children[place].replaceWith(node);
    drawn[place] = json;
  });
  if (!texts.length) box.append(el("div.no-texts", {}, el("p", {}, t("no_texts")), el("p", {}, t("no_texts_more"))));
  if (newest) box.scrollTop = stood || !first ? newest.offsetTop - 8 : box.scrollTop;
  if (first) box.scrollTop = box.scrollHeight;
  drawWordKeys();
}

function mark(node, first) {
  if (first) return;
  node.classList.add("fresh");
  if ($("texts").offsetParent === null) node.classList.add("unread");
}

function line(sms) {
  return el(`article.sms.${sms.me ? "me" : "them"}`, {},
    el("p.sms-head", {}, sms.me ? `▸ ${t("to")} ${sms.to}` : `◂ ${t("from")} ${sms.from}`, el("span", {}, clock(sms.date))),
    el("p.sms-text", {}, sms.text));
}

export function buzz() {
  const phone = $("phone");
  phone.classList.remove("buzz");
  requestAnimationFrame(() => phone.classList.add("buzz"));
}

export function drawWords() {
  const labels = { texts: "texts", "sms-text": "sms", keys: "digits" };
  for (const [id, word] of Object.entries(labels)) $(id).setAttribute("aria-label", t(word));
  $("sms-text").placeholder = t("sms");
  $("sms-send").textContent = t("send");
  $("sms-clear").textContent = t("clear");
  const texts = drawn.map((json) => JSON.parse(json));
  drawn = [];
  $("texts").replaceChildren();
  if (person) draw(texts, person);
}

function drawWordKeys() {
  const words = wordsOf(person.language);
  $("sms-words").replaceChildren(...words.map((word) => el("button", { type: "button", onclick: () => say(word) }, word)));
}

function drawClock() {
  $("lcd-clock").textContent = clock(Date.now() / 1000);
}

function count() {
  const text = $("sms-text").value;
  const plain = /^[\x20-\x7e]*$/.test(text);
  const room = plain ? 160 : 70;
  $("sms-count").textContent = text ? `${room - (text.length % room || room)}/${Math.ceil(text.length / room)}` : "";
}

async function say(text) {
  if (!text.trim() || !person) return;
  $("sms-text").value = "";
  count();
  await act({ text });
}
