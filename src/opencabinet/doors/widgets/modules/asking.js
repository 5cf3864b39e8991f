// Asks for what widgets show, again and again while somebody looks: once for all that show the same.
const LEAST_SECONDS = 2;
const MOST_SECONDS = 900;
const FAILED_SECONDS = 10;
const REFUSED_SECONDS = 60;
const PATIENCE_MILLISECONDS = 20_000;

export class Failed extends Error {
  constructor(status, told, wait) {
    super(told?.heading ?? `The answer was ${status}.`);
    this.status = status;
    this.told = told;
    this.wait = wait;
  }
}

async function read(answer) {
  const told = await answer.json().catch(() => null);
  if (answer.ok && told !== null) return told;
  const wait = Number(answer.headers.get("Retry-After") ?? told?.retry_after);
  throw new Failed(answer.status, told, wait > 0 ? wait : null);
}

export class Source {
  #address;
  #headers;
  #listeners = new Set();
  #timer;
  #asking = false;
  #tag = null;
  #told = null;
  #due = 0;
  #failures = 0;

  // `headers` gives those of the next question: what it shows is kept by whoever gives it. Whoever has figures already
  // says after how many seconds to ask first.
  constructor(address, headers = () => ({}), after = 0) {
    this.#address = address;
    this.#headers = headers;
    this.#due = Date.now() + after * 1000;
    document.addEventListener("visibilitychange", () => this.#plan());
  }

  // Tells a listener (`{load, fail, seen}`) what is known, and from now on whatever changes; gives what ends that.
  listen(listener) {
    this.#listeners.add(listener);
    if (this.#told !== null) listener.load(this.#told);
    this.#plan();
    return () => {
      this.#listeners.delete(listener);
      this.#plan();
    };
  }

  // Asks at once.
  renew() {
    this.#due = 0;
    this.#plan();
  }

  // Somebody came into sight, or left.
  look() {
    this.#plan();
  }

  get #watched() {
    if (document.visibilityState !== "visible") return false;
    return this.#told === null || [...this.#listeners].some((each) => each.seen?.() ?? true);
  }

  #plan() {
    clearTimeout(this.#timer);
    if (this.#asking || this.#listeners.size === 0 || !this.#watched) return;
    this.#timer = setTimeout(() => this.#ask(), Math.max(0, this.#due - Date.now()));
  }

  async #ask() {
    this.#asking = true;
    let wait = FAILED_SECONDS;
    try {
      wait = await this.#renewed();
      this.#failures = 0;
    } catch (failed) {
      wait = this.#later(failed);
      for (const each of [...this.#listeners]) each.fail(failed);
    }
    this.#asking = false;
    this.#due = Date.now() + wait * 1000;
    this.#plan();
  }

  // Gives after how many seconds it is worth while to ask again.
  async #renewed() {
    const answer = await fetch(this.#address, {
      headers: this.#headers(),
      credentials: "omit",
      cache: "no-cache", // the browser asks whether what it has is still good (If-None-Match)
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    const tag = answer.headers.get("ETag");
    if (!answer.ok || this.#told === null || tag === null || tag !== this.#tag) {
      this.#told = await read(answer);
      this.#tag = tag;
      for (const each of [...this.#listeners]) each.load(this.#told);
    }
    return Math.max(LEAST_SECONDS, this.#told.refresh_seconds);
  }

  #later(failed) {
    const refused = failed.status >= 400 && failed.status < 500 && failed.status !== 429;
    const usual = (refused ? REFUSED_SECONDS : FAILED_SECONDS) * 2 ** Math.min(this.#failures, 10);
    this.#failures += 1;
    return Math.min(MOST_SECONDS, Math.max(failed.wait ?? 0, usual * (0.75 + Math.random() / 2)));
  }
}

const sources = new Map();

// Gives the one source of an address, for whoever shows one key.
export function sourceOf(address, key = null) {
  const name = `${key ?? ""} ${address}`;
  if (!sources.has(name)) {
    sources.set(name, new Source(address, () => (key === null ? {} : { Authorization: `Bearer ${key}` })));
  }
  return sources.get(name);
}
