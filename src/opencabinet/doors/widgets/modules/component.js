// The widgets as elements: `<cabinet-balance login="1001001">My balance</cabinet-balance>`. What stands inside one is
// shown where it cannot show anything better.
import { arrange } from "./tree.js";
import { sourceOf } from "./asking.js";
import { Teller } from "./telling.js";
import LOOK from "./look.css";
import ACCENT from "./accent.css";
import WIDGETS from "./widgets.json";
import TEXTS from "./texts.json";

const PLACE = import.meta.url.slice(0, import.meta.url.lastIndexOf("/w/") + 3);
const ASKED = new Map(Object.entries({
  lang: "lang", theme: "theme", accent: "accent", columns: "columns", rows: "rows", period: "period", from: "from",
  to: "to", symbol: "symbol", symbols: "symbols", server: "server", group: "group", category: "category",
  language: "language", heading: "title", level: "level",
}));
const COLOUR = /^#?([0-9a-f]{6})$/i;
const BONES = 5;
const NARROW = 480;
const LEVELS = /^[1-6]$/;
const PARTNERS = new Set(["commissions", "clicks"]);
let look = null;

function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

// The language of a place in a page, whatever shadows it stands in.
function spoken(element) {
  for (let at = element; at; at = at.getRootNode().host) {
    const found = at.closest("[lang]");
    if (found !== null && found.lang !== "") return found.lang;
  }
  return navigator.language;
}

function tag(name, attributes = {}, ...children) {
  return [name, attributes, children];
}

class CabinetWidget extends HTMLElement {
  static observedAttributes = ["login", "key", ...ASKED.keys()];
  #card;
  #leave = null;
  #asked = null;
  #seen = true;
  #shown = false;
  #whose = null;
  #watch = new IntersectionObserver((seen) => this.#look(seen.at(-1).isIntersecting));
  #teller;
  #own = sheet("");
  #planned = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    look ??= sheet(LOOK);
    root.adoptedStyleSheets = [look, this.#own];
    this.#card = document.createElement("div");
    this.#card.className = "oc-place";
    const status = document.createElement("p");
    status.className = "oc-hidden";
    status.setAttribute("role", "status");
    this.#teller = new Teller(status);
    root.append(this.#card, status);
  }

  get widget() {
    return this.localName.slice("cabinet-".length);
  }

  connectedCallback() {
    this.#watch.observe(this);
    this.#begin();
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    this.#stop();
  }

  attributeChangedCallback() {
    if (!this.isConnected || this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (this.isConnected) this.#begin();
    });
  }

  // Asks at once whether there is anything new.
  refresh() {
    this.#source()?.renew();
  }

  #look(seen) {
    this.#seen = seen;
    this.#source()?.look();
  }

  #stop() {
    this.#leave?.();
    this.#leave = null;
    this.#asked = null;
  }

  #address() {
    const login = this.getAttribute("login");
    const found = new URL(login === null ? `${this.widget}.json` : `${this.widget}/${encodeURIComponent(login)}.json`, PLACE);
    for (const [name, word] of ASKED) if (this.hasAttribute(name)) found.searchParams.set(word, this.getAttribute(name));
    found.searchParams.set("lang", spoken(this).split("-")[0].toLowerCase());
    return found.href;
  }

  #source() {
    return this.#asked === null ? null : sourceOf(...this.#asked);
  }

  #begin() {
    const asked = [this.#address(), this.getAttribute("key")];
    if (this.#asked !== null && asked.every((each, place) => each === this.#asked[place])) return;
    this.#stop();
    this.#asked = asked;
    this.#forgetOthers();
    this.#dress();
    if (!this.#shown) this.#wait();
    this.#leave = sourceOf(...asked).listen({
      load: (told) => this.#load(told),
      fail: (failed) => this.#fail(failed),
      seen: () => this.#seen,
    });
  }

  // What was shown of another account, or by another key, is not left there meanwhile.
  #forgetOthers() {
    const whose = `${this.getAttribute("login")} ${this.getAttribute("key")}`;
    if (whose !== this.#whose) this.#forget();
    this.#whose = whose;
  }

  #forget() {
    this.#shown = false;
    this.#teller.forget();
  }

  // Keeps as much room as the widget will need, so that nothing below it jumps once it is there.
  #dress() {
    const [base, narrow, row, rows] = WIDGETS[this.widget];
    const asked = Number(this.getAttribute("rows") ?? rows);
    const accent = COLOUR.exec(this.getAttribute("accent") ?? "");
    const colours = accent ? ACCENT.replaceAll("$", `#${accent[1]}`) : "";
    const most = row * Math.min(2 * rows, asked || rows);
    const [usual, small] = [base, narrow].map((each) => `.oc-widget{min-block-size:${each + most}px}`);
    this.#own.replaceSync(`${usual}@container oc-host (max-width:${NARROW}px){${small}}${colours}`);
    this.#card.dataset.theme = this.getAttribute("theme") ?? "auto";
  }

  get #words() {
    return TEXTS[spoken(this).split("-")[0].toLowerCase()] ?? TEXTS.en;
  }

  #show(children) {
    arrange(this.#card, children, PLACE);
  }

  // The heading stands there from the beginning on, and bones where the figures will.
  #wait() {
    const words = this.#words;
    const bones = Array.from({ length: BONES }, () => tag("span", { class: "oc-bone" }));
    const block = tag("div", { class: "oc-block oc-bones", "aria-hidden": "true" }, ...bones);
    const inside = tag("div", { class: "oc-body" }, block, tag("p", { class: "oc-hidden", role: "status" }, words.loading));
    this.#show([this.#article("loading", this.#head(words), inside)]);
  }

  #article(state, ...inside) {
    const words = this.#words;
    const about = { class: `oc-widget oc-${this.widget}`, "data-state": state, "aria-label": words.titles[this.widget] };
    return tag("article", { ...about, dir: words.direction, ...(state === "loading" ? { "aria-busy": "true" } : {}) }, ...inside);
  }

  #head(words) {
    const login = this.getAttribute("login");
    const whose = words[PARTNERS.has(this.widget) ? "partner" : "account"].replace("%(login)s", login);
    const title = tag(`h${LEVELS.exec(this.getAttribute("level") ?? "") ?? 2}`, { class: "oc-title" }, words.titles[this.widget]);
    const shown = this.getAttribute("heading") === "hide" ? [] : [title];
    return tag("header", { class: "oc-head" }, ...shown, ...(login === null ? [] : [tag("p", { class: "oc-whose" }, whose)]));
  }

  #load(told) {
    this.#shown = true;
    this.#show([told.tree]);
    this.#teller.tell(told.said);
    this.#happen("cabinet-load", { widget: this.widget, login: told.login, as_of: told.as_of });
  }

  // What was shown before stays: its own words say of when it is.
  #fail(failed) {
    const status = failed.status ?? 0;
    if (!this.#shown || failed.closed) this.#refuse(failed.told);
    this.#happen("cabinet-error", { widget: this.widget, status, code: failed.told?.code ?? null });
  }

  #refuse(told) {
    this.#forget();
    const words = this.#words;
    const said = [tag("p", { class: "oc-lead" }, words.heading), tag("p", { class: "oc-hint" }, words.text)];
    const block = tag("div", { class: "oc-block oc-refused", role: "status" }, ...said);
    const instead = this.#article("refused", this.#head(words), tag("div", { class: "oc-body" }, block));
    if (this.#speaks) this.#card.replaceChildren(document.createElement("slot"));
    else this.#show([told?.tree ?? instead]);
  }

  // Whether the page itself says something instead.
  get #speaks() {
    return [...this.childNodes].some((each) => each.localName !== "noscript" && each.textContent.trim() !== "");
  }

  #happen(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

for (const name of Object.keys(WIDGETS)) {
  if (customElements.get(`cabinet-${name}`) === undefined) {
    customElements.define(`cabinet-${name}`, class extends CabinetWidget {});
  }
}
