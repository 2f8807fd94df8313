// Choosing which member to be.
import { $, el, initials, tint } from "./dom.js";
import { t } from "./words.js";

const SHOWN = 60;
let chosen = () => {};
let found = { total: 0, people: [] };
let marked = 0;
let asked = 0;

export function choosePerson(then) {
  chosen = then;
  $("people").showModal();
  $("people-search").select();
  search();
}

async function search() {
  const turn = ++asked;
  const query = new URLSearchParams({ q: $("people-search").value, limit: SHOWN });
  const answer = await (await fetch(`/people?${query}`)).json();
  if (turn !== asked) return;
  found = answer;
  marked = 0;
  drawPeople();
}

export function drawPeople() {
  $("people-search").placeholder = t("search");
  $("people-search").setAttribute("aria-label", t("search"));
  $("people-close").setAttribute("aria-label", t("close"));
  $("people").setAttribute("aria-label", t("choose"));
  $("people-foot").textContent = found.people.length ? t("shown")(found.people.length, found.total) : t("nobody");
  $("people-list").replaceChildren(...found.people.map((person, place) => {
    const avatar = el("span.avatar", { "aria-hidden": "true" }, initials(person.name));
    tint(avatar, person.name);
    return el("li", { role: "option", id: `person-${place}`, "aria-selected": String(place === marked), onclick: () => take(place) },
      avatar,
      el("span.who-words", {}, el("span.who-name", {}, person.name),
        el("span.who-phone", {}, [person.phone, person.region].filter(Boolean).join(" · "))),
      el("span.tag", {}, person.language));
  }));
  $("people-search").setAttribute("aria-activedescendant", found.people.length ? `person-${marked}` : "");
}

function take(place) {
  if (!found.people[place]) return;
  $("people").close();
  chosen(found.people[place]);
}

$("people-search").addEventListener("input", search);
$("people-search").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter") take(marked);
  else if (step && found.people.length) {
    marked = (marked + step + found.people.length) % found.people.length;
    drawPeople();
    $(`person-${marked}`).scrollIntoView({ block: "nearest" });
  } else return;
  event.preventDefault();
});
$("people").addEventListener("click", (event) => {
  if (event.target === $("people")) $("people").close();
});
