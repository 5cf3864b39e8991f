// Asks for what widgets show, again and again while somebody looks: once for all that show the same.
const LEAST_SECONDS = 2;
const MOST_SECONDS = 900;
const FAILED_SECONDS = 10;
const REFUSED_SECONDS = 60;
const PATIENCE_MILLISECONDS = 20_000;
const MOST_IDLE = 32;

// Milliseconds of a clock that nobody sets back.
const now = () => performance.now();

export class Failed extends Error {
  constructor(status, told, wait) {
    super(told?.heading ?? `The answer was ${status}.`);
    this.status = status;
    this.told = told;
    this.wait = wait;
  }

  // Whether what was shown is nobody's to see any longer.
  get closed() {
    return [401, 403, 404].includes(this.status);
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
  #failed = null;
  #due = 0;
  #failures = 0;

  // `headers` gives those of the next question: what it shows is kept by whoever gives it. Whoever has figures already
  // says after how many seconds to ask first.
  constructor(address, headers = () => ({}), after = 0) {
    this.#address = address;
    this.#headers = headers;
    this.#due = now() + after * 1000;
  }

  #turned = () => this.#plan();

  // Tells a listener (`{load, fail, seen}`) what is known, and from now on whatever changes; gives what ends that. What is
  // old already is told to nobody new before it was asked for again.
  listen(listener) {
    this.#listeners.add(listener);
    document.addEventListener("visibilitychange", this.#turned);
    if (now() >= this.#due) this.#tag = null;
    else if (this.#told !== null) listener.load(this.#told);
    else if (this.#failed !== null) listener.fail(this.#failed);
    this.#plan();
    return () => {
      this.#listeners.delete(listener);
      if (this.idle) document.removeEventListener("visibilitychange", this.#turned);
      this.#plan();
    };
  }

  // Whether nobody listens.
  get idle() {
    return this.#listeners.size === 0;
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
    if (this.#asking || this.idle || !this.#watched) return;
    this.#timer = setTimeout(() => this.#ask(), Math.max(0, this.#due - now()));
  }

  async #ask() {
    this.#asking = true;
    let wait = FAILED_SECONDS;
    try {
      wait = await this.#renewed();
      this.#failures = 0;
      this.#failed = null;
    } catch (failed) {
      wait = this.#later(failed);
      this.#failed = failed;
      if (failed.closed) this.#told = this.#tag = null; // so that the very same is told again once it is open again
      for (const each of [...this.#listeners]) each.fail(failed);
    }
    this.#asking = false;
    this.#due = now() + wait * 1000;
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

// Lets go of those that nobody listens to any longer, if they are many.
function tidy() {
  const idle = [...sources].filter(([, source]) => source.idle);
  for (const [name] of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) sources.delete(name);
}

// Gives the one source of an address, for whoever shows one key.
export function sourceOf(address, key = null) {
  const name = `${key ?? ""} ${address}`;
  if (!sources.has(name)) {
    tidy();
    sources.set(name, new Source(address, () => (key === null ? {} : { Authorization: `Bearer ${key}` })));
  }
  return sources.get(name);
}
