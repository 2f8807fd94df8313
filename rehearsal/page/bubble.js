// One message of the chat with the buttons under it.
import { el } from "./dom.js";
import { clock, t } from "./words.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", spoiler: "mark", bot_command: "em",
};

// Offsets are in UTF-16 units, as JavaScript counts too.
export function rich(text, entities) {
  const whole = document.createDocumentFragment();
  whole.append(...inside(text, 0, text.length, entities));
  return whole;
}

function inside(text, from, to, entities) {
  const nodes = [];
  let at = from;
  let rest = entities.filter((e) => e.offset >= from && e.offset + e.length <= to);
  while (rest.length) {
    const [entity, ...others] = rest;
    const end = entity.offset + entity.length;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const within = others.filter((e) => e.offset + e.length <= end);
    const link = entity.type === "text_link" && /^https?:/.test(entity.url);
    const node = link ? el("a", { href: entity.url, target: "_blank", rel: "noopener" }) : el(TAGS[entity.type] || "span");
    node.append(...inside(text, entity.offset, end, within));
    nodes.push(node);
    at = end;
    rest = others.filter((e) => e.offset >= end);
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

export function bubble(message, bot, press) {
  const meta = el("span.meta", {}, message.edited ? `${t("edited")} ` : "", clock(message.date), message.me ? el("i.ticks", { "aria-hidden": "true" }) : "");
  const body = el("div.bubble", {}, message.forwarded ? el("p.forwarded", {}, t("forwarded")) : "", ...attached(message));
  if (message.text) body.append(el("div.text", {}, rich(message.text, message.entities)));
  body.append(meta);
  const node = el(`article.message.${message.me ? "me" : "them"}`, { "data-id": message.id }, body);
  if (message.sticker) node.classList.add("bare");
  if (message.buttons.length) {
    node.classList.add("with-buttons");
    node.append(el("div.buttons", {}, ...message.buttons.map((row) => el("div.row", {}, ...row.map((button) => {
      const key = el("button", { type: "button", "data-data": button.data || "", onclick: () => press(message, button, key) }, el("span", {}, button.text));
      if (button.url) key.classList.add("out");
      return key;
    })))));
  }
  return node;
}

function attached(message) {
  if (message.photo) {
    return [message.bot ? el("img.photo", { src: message.photo, alt: message.text || t("photo") }) : el("div.thing.photo-thing", {}, t("photo"))];
  }
  if (message.contact) {
    const phone = message.contact.phone_number;
    return [el("div.contact", {}, el("b", {}, message.contact.first_name), el("span", {}, phone.startsWith("+") ? phone : `+${phone}`))];
  }
  if (message.document) return [el("a.thing", { href: message.document.url, download: message.document.name }, message.document.name)];
  if (message.sticker) return [el("div.sticker", { role: "img", "aria-label": t("sticker") }, "🐎")];
  if (message.voice) return [el("div.voice", { role: "img", "aria-label": t("voice") }, ...Array.from({ length: 24 }, () => el("i")))];
  return [];
}
