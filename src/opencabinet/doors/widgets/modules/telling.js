// Tells those who listen to a page rather than look at it: the main figure when it changed, and never twice a minute.
const QUIET_MILLISECONDS = 60_000;

export class Teller {
  #place;
  #said = null;
  #next = null;
  #until = 0;
  #timer = null;

  constructor(place) {
    this.#place = place;
  }

  // Takes back what was told, and what was going to be.
  forget() {
    clearTimeout(this.#timer);
    this.#said = this.#next = this.#timer = null;
    this.#until = 0;
    this.#place.textContent = "";
  }

  // What is told first is read with the rest; only what it becomes is told.
  tell(sentence) {
    if (sentence === null || sentence === undefined || sentence === (this.#next ?? this.#said)) return;
    if (this.#said === null) {
      this.#said = sentence;
      this.#until = performance.now() + QUIET_MILLISECONDS;
      return;
    }
    this.#next = sentence;
    this.#timer ??= setTimeout(() => this.#speak(), Math.max(0, this.#until - performance.now()));
  }

  #speak() {
    this.#timer = null;
    this.#said = this.#next;
    this.#next = null;
    this.#until = performance.now() + QUIET_MILLISECONDS;
    this.#place.textContent = this.#said;
  }
}
