// The page's own words. The bot's words are its own affair.
export const TONGUES = { kk: "Қаз", ru: "Рус", en: "Eng" };

const WORDS = {
  en: {
    title: "Two handsets", telegram: "Telegram", texts: "Messages", menu: "Menu", ok: "OK",
    choose: "Choose a member", search: "Name, region or phone", close: "Close",
    theme: "Light or dark", more: "More", message: "Message", send: "Send", attach: "Attach",
    keyboard: "Bot keyboard", down: "To the newest message", start: "Start", bot: "bot", typing: "typing…",
    commands: "Commands", own_contact: "Share my number", other_contact: "Send somebody else’s number",
    forward_contact: "Forward somebody else’s number", photo: "Photo", sticker: "Sticker", voice: "Voice message",
    block: "Stop and block the bot", unblock: "Start the bot again", edit: "Edit my last message",
    blocked: "You blocked this bot", edited: "edited", forwarded: "Forwarded", contact: "Contact",
    no_bot: "No bot yet", no_bot_more: "The bot’s program has not called here yet.",
    hello: "Press Start to begin.", no_texts: "No messages yet", no_texts_more: "Text VOTE to begin.",
    clear: "Clear", to: "to", from: "from", sms: "Text message", lost: "No connection. Trying again…",
    nobody: "Nobody found", shown: (n, all) => `${n} of ${all}`, digits: "Keypad", new_text: "New message",
    turnout: "Turnout", language: "Language", waiting: "no members yet", editing: "Editing",
  },
  ru: {
    title: "Два телефона", telegram: "Telegram", texts: "Сообщения", menu: "Меню", ok: "Хорошо",
    choose: "Выбрать участника", search: "Имя, регион или телефон", close: "Закрыть",
    theme: "Светлый или тёмный вид", more: "Ещё", message: "Сообщение", send: "Отправить", attach: "Приложить",
    keyboard: "Клавиатура бота", down: "К последнему сообщению", start: "Начать", bot: "бот", typing: "печатает…",
    commands: "Команды", own_contact: "Отправить мой номер", other_contact: "Отправить чужой номер",
    forward_contact: "Переслать чужой номер", photo: "Фото", sticker: "Стикер", voice: "Голосовое сообщение",
    block: "Остановить и заблокировать бота", unblock: "Снова запустить бота", edit: "Изменить последнее сообщение",
    blocked: "Вы заблокировали этого бота", edited: "изменено", forwarded: "Переслано", contact: "Контакт",
    no_bot: "Бота пока нет", no_bot_more: "Программа бота сюда ещё не обращалась.",
    hello: "Чтобы начать, нажмите «Начать».", no_texts: "Сообщений пока нет", no_texts_more: "Отправьте слово ГОЛОС, чтобы начать.",
    clear: "Стереть", to: "кому", from: "от", sms: "СМС", lost: "Нет связи. Пробуем снова…",
    nobody: "Никого не нашлось", shown: (n, all) => `${n} из ${all}`, digits: "Кнопки", new_text: "Новое сообщение",
    turnout: "Явка", language: "Язык", waiting: "участников пока нет", editing: "Изменение",
  },
  kk: {
    title: "Екі телефон", telegram: "Telegram", texts: "Хабарламалар", menu: "Мәзір", ok: "Жарайды",
    choose: "Қатысушыны таңдау", search: "Аты, өңірі немесе телефоны", close: "Жабу",
    theme: "Ашық не қараңғы түр", more: "Тағы", message: "Хабарлама", send: "Жіберу", attach: "Тіркеу",
    keyboard: "Бот пернетақтасы", down: "Соңғы хабарламаға", start: "Бастау", bot: "бот", typing: "жазып жатыр…",
    commands: "Командалар", own_contact: "Нөмірімді жіберу", other_contact: "Басқа біреудің нөмірін жіберу",
    forward_contact: "Басқа біреудің нөмірін қайта жіберу", photo: "Фото", sticker: "Стикер", voice: "Дауыстық хабар",
    block: "Ботты тоқтатып, бұғаттау", unblock: "Ботты қайта бастау", edit: "Соңғы хабарламамды өзгерту",
    blocked: "Сіз бұл ботты бұғаттадыңыз", edited: "өзгертілді", forwarded: "Қайта жіберілді", contact: "Контакт",
    no_bot: "Әзірге бот жоқ", no_bot_more: "Боттың бағдарламасы әлі қосылған жоқ.",
    hello: "«Бастау» түймесін басыңыз.", no_texts: "Әзірге хабарлама жоқ", no_texts_more: "Бастау үшін ДАУЫС деп жіберіңіз.",
    clear: "Өшіру", to: "кімге", from: "кімнен", sms: "СМС", lost: "Байланыс жоқ. Қайта қосылып жатыр…",
    nobody: "Ешкім табылмады", shown: (n, all) => `${all} ішінен ${n}`, digits: "Пернелер", new_text: "Жаңа хабарлама",
    turnout: "Қатысу деңгейі", language: "Тіл", waiting: "қатысушылар әлі жоқ", editing: "Өзгерту",
  },
};

// What a member may write to begin and to agree, in the member's own language.
export const SAY = { kk: ["ДАУЫС", "ИӘ", "ЖОҚ"], ru: ["ГОЛОС", "ДА", "НЕТ"], en: ["VOTE", "YES", "NO"] };

function first() {
  const kept = localStorage.getItem("tongue");
  if (kept in WORDS) return kept;
  const own = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in WORDS);
  return own || "ru";
}

export let tongue = first();

export function speak(next) {
  tongue = next;
  localStorage.setItem("tongue", next);
}

export const t = (key) => WORDS[tongue][key];

// A text that may come in one language or in three.
export const said = (text) => (typeof text === "object" ? text[tongue] || Object.values(text)[0] || "" : text);

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
