// A closed account in a frame: the visitor types its API password here, or the page around brings a ticket behind the
// hash. What they are given is held by this module's closure alone: no cookie, no storage, no attribute, no address.
import { arrange } from "./tree.js";
import { Source } from "./asking.js";
import { Teller } from "./telling.js";

const EARLY_SECONDS = 60;
const AGAIN_SECONDS = 15;
const LONGEST_MILLISECONDS = 20_000;
const { source, login, family, on, around } = document.body.dataset;
const element = (id) => document.getElementById(id);
const [place, door, form, said, waiting, bar] = ["widget", "door", "open", "said", "waiting", "bar"].map(element);
const teller = new Teller(element("told"));
const framed = window.parent !== window;
let session = null;
let told = 0;

// Takes the ticket out of the address before anything else happens, so that it stands in no history.
function taken() {
  const [, found] = /(?:^#|&)ticket=([\w.~-]{1,128})(?:&|$)/.exec(window.location.hash) ?? [];
  if (window.location.hash !== "") window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return found ?? null;
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    mode: "same-origin",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
  });
  return { status: answer.status, told: await answer.json().catch(() => null) };
}

function say(word) {
  said.textContent = word === null ? "" : document.querySelector(`[data-word="${word}"]`).textContent;
}

// Lets go of everything: what was given, what is shown, and what asks for it.
function forget(word = null) {
  if (session !== null) {
    clearTimeout(session.timer);
    session.leave?.();
  }
  session = null;
  place.replaceChildren();
  place.hidden = bar.hidden = waiting.hidden = true;
  door.hidden = false;
  say(word);
}

function plan(given) {
  const early = Math.max(1, given.expires_in - EARLY_SECONDS);
  session.timer = setTimeout(() => (session.refresh === null ? forget("ticket") : renew()), early * 1000);
}

// A refresh token is good for once. The server gives none a day after the password was shown.
async function renew() {
  const before = session;
  try {
    const { status, told: given } = await post("/v1/tokens", { refresh_token: before.refresh, family });
    if (session !== before) return;
    if (status !== 201) {
      forget(status === 429 || status >= 500 ? "failed" : "ended");
      return;
    }
    session.access = given.access_token;
    session.refresh = given.refresh_token;
    plan(given);
  } catch {
    if (session === before) session.timer = setTimeout(renew, AGAIN_SECONDS * 1000);
  }
}

function shown(tree) {
  arrange(place, [tree], window.location.origin);
  door.hidden = true;
  place.hidden = bar.hidden = false;
}

function begin(given) {
  const mine = { access: given.access_token, refresh: given.refresh_token ?? null, timer: null, leave: null };
  forget();
  session = mine;
  waiting.hidden = false;
  const asked = new Source(source, () => ({ Authorization: `Bearer ${mine.access}` }));
  mine.leave = asked.listen({
    load(found) {
      if (session !== mine) return;
      shown(found.tree);
      teller.tell(found.said);
    },
    fail(failed) {
      if (session !== mine) return;
      if (failed.status === 401) forget(mine.refresh === null ? "ticket" : "ended");
      else if (failed.told?.tree && place.hidden) shown(failed.told.tree);
    },
  });
  plan(given);
}

const WORDS = new Map([[401, "wrong"], [400, "wrong"], [422, "wrong"], [429, "often"]]);

async function open(event) {
  event.preventDefault();
  const [input, button] = [element("secret"), form.querySelector("button")];
  const password = input.value;
  input.value = "";
  if (password === "") return;
  say(null);
  button.disabled = true;
  try {
    const { status, told: given } = await post("/v1/tokens", { login: Number(login), password, family, name: "widget" });
    if (status === 201) begin(given);
    else say(WORDS.get(status) ?? "failed");
  } catch {
    say("failed");
  }
  button.disabled = false;
  if (session === null) input.focus();
}

// A ticket that is forged, used or of another account ends nothing that is open.
async function exchange(ticket) {
  waiting.hidden = session !== null;
  try {
    const { status, told: given } = await post("/v1/tickets/exchange", { ticket, origin: on });
    if (status === 201 && String(given.login) === login) begin(given);
    else if (session === null) forget("ticket");
  } catch {
    if (session === null) forget("failed");
  }
}

// Tells the pages that may stand around how high this is, and nothing else; no other hears it.
function tell(again) {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  if (!framed || height === 0 || (height === told && again !== true)) return;
  told = height;
  const parent = window.location.ancestorOrigins?.[0];
  for (const each of around.split(" ")) {
    if (each !== "" && (parent === undefined || parent === each)) {
      window.parent.postMessage({ opencabinet: "height", id: window.name || null, height }, each);
    }
  }
}

function arrived() {
  const ticket = taken();
  if (ticket !== null && on) exchange(ticket);
  else if (session === null && !form) say("ticket");
}

if (form) {
  form.hidden = false;
  form.addEventListener("submit", open);
  door.querySelector("[data-alone]").hidden = !framed;
}
element("close").addEventListener("click", () => {
  forget();
  window.location.reload(); // what was shown leaves the memory with the page
});
window.addEventListener("pagehide", () => forget());
window.addEventListener("pageshow", ({ persisted }) => persisted && window.location.reload());
window.addEventListener("hashchange", arrived);
window.addEventListener("message", ({ source: from, origin, data }) => {
  if (framed && from === window.parent && around.split(" ").includes(origin) && data === "opencabinet:height?") tell(true);
});
new ResizeObserver(() => tell()).observe(document.documentElement);
arrived();
tell();
