// The Telegram handset: the chat as it stands, edited in place.
import { $, atBottom, el, initials, menu, tint } from "./dom.js";
import { t } from "./words.js";
import { bubble } from "./bubble.js";

let act = async () => {};
let chat = null;
let person = null;
let drawn = new Map(); // message id -> [its JSON, its node]
let heard = null; // the newest toast already shown
let keys = null; // the reply keyboard as drawn
let editing = null; // id of the own message being edited
let keyboardOpen = true;

export function begin(send) {
  act = send;
  $("line").addEventListener("submit", (event) => { event.preventDefault(); say(); });
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); say(); }
    if (event.key === "Escape") stopEditing();
    if (event.key === "ArrowUp" && !$("text").value) { event.preventDefault(); edit(); }
  });
  $("text").addEventListener("input", grow);
  $("start").addEventListener("click", () => act(chat.blocked ? { block: false } : { text: "/start" }).then(() => chat.blocked && act({ text: "/start" })));
  $("down").addEventListener("click", () => $("log").scrollTo({ top: $("log").scrollHeight, behavior: "smooth" }));
  $("log").addEventListener("scroll", () => { $("down").hidden = atBottom($("log")); });
  $("keyboard-key").addEventListener("click", () => { keyboardOpen = !keyboardOpen; drawKeyboard(); });
  menu($("commands-key"), $("commands"), () => chat.commands.map((c) => [`/${c.command}`, () => act({ text: `/${c.command}` }), c.description]));
  menu($("attach"), $("attach-menu"), attachments);
  menu($("chat-more"), $("chat-menu"), () => [
    [t("edit"), edit],
    [chat?.blocked ? t("unblock") : t("block"), () => act({ block: !chat.blocked })],
  ]);
}

export function reset() {
  chat = null;
  drawn = new Map();
  heard = keys = null;
  stopEditing();
  $("log").replaceChildren();
  $("toasts").replaceChildren();
  $("keyboard").hidden = true;
}

export function shown() {
  const newest = $("log").lastElementChild;
  if (newest) reveal($("log"), newest);
}

// Draw the chat; the number of new messages of the bot.
export function draw(next, who) {
  const first = chat === null;
  chat = next;
  person = who;
  drawHead();
  const news = drawMessages(first);
  drawKeyboard();
  drawToasts(first);
  return news;
}

export function drawWords() {
  const labels = { send: "send", attach: "attach", down: "down", "keyboard-key": "keyboard", "chat-more": "more", log: "telegram", text: "message" };
  for (const [id, word] of Object.entries(labels)) $(id).setAttribute("aria-label", t(word));
  $("text").placeholder = t("message");
  if (!chat) return;
  drawn = new Map();
  $("log").replaceChildren();
  drawHead();
  drawMessages(true);
  keys = null;
  drawKeyboard();
}

function drawHead() {
  const name = chat.bot ? chat.bot.name : t("no_bot");
  $("bot-name").textContent = name;
  $("bot-status").textContent = chat.typing ? t("typing") : chat.blocked ? t("blocked") : chat.bot ? `@${chat.bot.username}` : "";
  $("bot-avatar").textContent = initials(name);
  tint($("bot-avatar"), name);
  $("commands-key").hidden = !chat.commands.length;
  const fresh = !chat.messages.length;
  $("start").textContent = chat.blocked ? t("unblock") : t("start");
  $("start").hidden = !chat.bot || !(fresh || chat.blocked);
  $("line").hidden = !chat.bot || fresh || chat.blocked;
  $("chat-more").hidden = !chat.bot;
  drawBots();
  let hello = $("log").querySelector(".hello");
  if (hello) hello.remove();
  if (fresh) {
    hello = el("div.hello", {}, el("p", {}, chat.bot ? chat.description || t("hello") : t("no_bot_more")));
    $("log").append(hello);
  }
}

function drawBots() {
  const choice = $("bot-choice");
  choice.hidden = chat.bots.length < 2;
  if (choice.options.length === chat.bots.length) return;
  choice.replaceChildren(...chat.bots.map((name) => el("option", { value: name, selected: name === chat.bot.username }, name)));
}

function drawMessages(first) {
  const log = $("log");
  const stood = first || atBottom(log);
  let show = null;
  let news = 0;
  const alive = new Set();
  let previous = null;
  for (const message of chat.messages) {
    alive.add(message.id);
    const json = JSON.stringify(message);
    const old = drawn.get(message.id);
    if (!old || old[0] !== json) {
      const node = bubble(message, chat.bot, press);
      const focused = old && old[1].contains(document.activeElement) ? focusedButton(old[1]) : null;
      if (old) old[1].replaceWith(node);
      else if (previous) previous.after(node);
      else log.prepend(node);
      if (!old && message.bot) news += 1;
      if (!old || isAnother(JSON.parse(old[0]), message)) show = node;
      drawn.set(message.id, [json, node]);
      if (focused) refocus(node, focused);
    }
    previous = drawn.get(message.id)[1];
  }
  for (const [id, [, node]] of drawn) if (!alive.has(id)) { node.remove(); drawn.delete(id); }
  if (show && (stood || show.previousElementSibling === null || show === log.lastElementChild)) reveal(log, show);
  $("down").hidden = atBottom(log);
  return first ? 0 : news;
}

// Whether an edit turned the message into another screen: a tick or a changed count must not move the list.
function isAnother(before, after) {
  const title = (message) => message.text.split("\n", 1)[0];
  return title(before) !== title(after) || (before.buttons.length > 0) !== (after.buttons.length > 0);
}

// The newest message in view: its end, or its beginning where it is taller than the screen.
function reveal(log, node) {
  const tall = node.offsetHeight > log.clientHeight - 24;
  log.scrollTop = tall ? node.offsetTop - 12 : log.scrollHeight;
}

function focusedButton(node) {
  const buttons = [...node.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  return at < 0 ? null : { at, data: buttons[at].dataset.data };
}

function refocus(node, { at, data }) {
  const buttons = [...node.querySelectorAll("button")];
  (buttons.find((button) => button.dataset.data === data) || buttons[at] || buttons[0])?.focus({ preventScroll: true });
}

function drawKeyboard() {
  const now = chat.keyboard;
  const json = JSON.stringify(now);
  if (json !== keys) {
    keys = json;
    keyboardOpen = true;
    const rows = now ? now.rows : [];
    $("keyboard").replaceChildren(...rows.map((row) => el("div.keyboard-row", {}, ...row.map((key) =>
      el(key.contact ? "button.contact-key" : "button", { type: "button", onclick: () => act({ key: key.text }) }, key.text)))));
    if (now && atBottom($("log"))) requestAnimationFrame(shown);
  }
  $("keyboard").hidden = !now || !keyboardOpen || chat.blocked;
  $("keyboard-key").hidden = !now;
  $("keyboard-key").setAttribute("aria-pressed", String(keyboardOpen));
  $("text").placeholder = (now && now.placeholder) || t("message");
}

function drawToasts(first) {
  const newest = chat.toasts.at(-1);
  const fresh = first || !heard ? [] : chat.toasts.slice(chat.toasts.findIndex((toast) => toast.query === heard) + 1);
  const unheard = heard === "" ? chat.toasts : fresh;
  heard = newest ? newest.query : "";
  for (const toast of unheard) {
    if (toast.alert) {
      $("alert-text").textContent = toast.text;
      if (!$("alert").open) $("alert").showModal();
    } else {
      const note = el("div.toast", {}, toast.text);
      $("toasts").replaceChildren(note);
      setTimeout(() => note.remove(), 3500);
    }
  }
  for (const button of document.querySelectorAll(".log .waiting")) {
    if (Number(button.dataset.answers) < chat.counts.answered) button.classList.remove("waiting");
  }
}

async function press(message, button, node) {
  if (button.url) return window.open(button.url, "_blank", "noopener");
  node.classList.add("waiting");
  node.dataset.answers = chat.counts.answered;
  setTimeout(() => node.classList.remove("waiting"), 6000);
  await act({ press: [message.id, button.data] });
}

async function say() {
  const box = $("text");
  const text = box.value.trim();
  if (!text) return;
  const target = editing;
  box.value = "";
  stopEditing();
  grow();
  await act(target === null ? { text } : { edit: [target, text] });
  shown();
}

function edit() {
  const mine = chat?.messages.filter((m) => m.me && m.text && !m.contact).at(-1);
  if (!mine) return;
  editing = mine.id;
  $("text").value = mine.text;
  $("line").classList.add("editing");
  $("line").dataset.note = t("editing");
  $("text").focus();
  grow();
}

function stopEditing() {
  if (editing !== null) $("text").value = "";
  editing = null;
  $("line").classList.remove("editing");
}

function grow() {
  const box = $("text");
  box.style.blockSize = "auto";
  box.style.blockSize = `${Math.min(box.scrollHeight, 132)}px`;
}

function attachments() {
  const other = String(Number(person.id) === 1 ? 2 : 1);
  return [
    [t("own_contact"), () => act({ share_contact: true })],
    [t("other_contact"), () => act({ contact_of: other })],
    [t("forward_contact"), () => act({ contact_of: other, forwarded: true })],
    [t("photo"), () => act({ send: "photo" })],
    [t("sticker"), () => act({ send: "sticker" })],
    [t("voice"), () => act({ send: "voice" })],
  ];
}
