// Looks for a receipt in the log, without telling anybody which: from the board comes one of the lists of many.
// What a receipt is, election/receipt.py says; what a list is, board/shards.py.
const ALPHABET = "ACEHKMPTXY2345679";
const LENGTH = 12;
const TWINS = { А: "A", С: "C", Е: "E", Н: "H", К: "K", М: "M", Р: "P", Т: "T", Х: "X", У: "Y", Ү: "Y" };
const BETWEEN = /[\p{Zs}\p{Zl}\p{Zp}\p{Pd}\p{Pc}\p{Cc}\p{Cf}]/gu;

// The receipt in its one written form, or null if a sign in it is wrong.
function read(typed) {
  const signs = [...typed.replace(BETWEEN, "").toUpperCase()].map((sign) => TWINS[sign] ?? sign);
  const values = signs.map((sign) => ALPHABET.indexOf(sign));
  if (signs.length !== LENGTH || values.includes(-1)) return null;
  const sum = values.reduce((total, value, place) => total + (LENGTH - place) * value, 0);
  return sum % ALPHABET.length ? null : signs.join("").replace(/(.{4})(?=.)/g, "$1-");
}

async function digest(receipt) {
  const bytes = new TextEncoder().encode(`dauys receipt\0${receipt}`);
  const found = crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : sha256(bytes);
  return [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// SHA-256 of fewer than 56 bytes, for a page without https, where the browser lends none (FIPS 180-4).
function sha256(bytes) {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const fraction = (number) => (number % 1) * 2 ** 32;
  const start = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  const rounds = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
  const block = new DataView(new ArrayBuffer(64));
  [...bytes, 0x80].forEach((byte, place) => block.setUint8(place, byte));
  block.setUint32(60, bytes.length * 8);
  const turned = (word, by) => (word >>> by) | (word << (32 - by));
  const w = new Uint32Array(64);
  for (let t = 0; t < 64; t++) {
    if (t < 16) w[t] = block.getUint32(4 * t);
    else {
      const low = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ (w[t - 15] >>> 3);
      const high = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ (w[t - 2] >>> 10);
      w[t] = w[t - 16] + low + w[t - 7] + high;
    }
  }
  let [a, b, c, d, e, f, g, h] = start;
  for (let t = 0; t < 64; t++) {
    const one = (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + h + rounds[t] + w[t];
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  const answer = new DataView(new ArrayBuffer(32));
  [a, b, c, d, e, f, g, h].forEach((word, place) => answer.setUint32(4 * place, start[place] + word));
  return new Uint8Array(answer.buffer);
}

// The bulletin under which it is in the log, or 0. Throws when the board does not answer.
async function bulletinOf(receipt) {
  const whole = await digest(receipt);
  const asked = async (name) => {
    const answer = await fetch(name, { cache: "no-cache" });
    return answer.ok ? answer.text() : null;
  };
  for (let tries = 0; tries < 2; tries++) {
    const { digits, signs } = JSON.parse(await asked("receipts/index.json"));
    const list = await asked(`receipts/${digits}/${whole.slice(0, digits) || "all"}.txt`);
    const line = list?.split("\n").find((each) => each.startsWith(`${whole.slice(0, signs)} `));
    if (list !== null) return line ? Number(line.slice(signs + 1)) : 0;
  } // the lists had just been cut anew
  throw new Error("no such list");
}

async function answer(form) {
  const receipt = read(form.elements.receipt.value);
  if (receipt === null) return ["mistyped"];
  try {
    const bulletin = await bulletinOf(receipt);
    if (bulletin) return ["found", bulletin];
    return ["final" in form.dataset ? "missing" : "waits"];
  } catch {
    return ["away"];
  }
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const output = form.querySelector("output");
  output.textContent = "…";
  const [what, bulletin] = await answer(form);
  output.className = what;
  output.textContent = form.dataset[what].replace("{bulletin}", bulletin);
  if (what === "mistyped") form.elements.receipt.select();
});
