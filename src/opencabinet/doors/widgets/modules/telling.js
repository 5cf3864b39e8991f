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

  // What is told first is read with the rest; only what it becomes is told.
  tell(sentence) {
    if (sentence === null || sentence === undefined || sentence === (this.#next ?? this.#said)) return;
    if (this.#said === null) {
      this.#said = sentence;
      this.#until = Date.now() + QUIET_MILLISECONDS;
      return;
    }
    this.#next = sentence;
    this.#timer ??= setTimeout(() => this.#speak(), Math.max(0, this.#until - Date.now()));
  }

  #speak() {
    this.#timer = null;
    this.#said = this.#next;
    this.#next = null;
    this.#until = Date.now() + QUIET_MILLISECONDS;
    this.#place.textContent = this.#said;
  }
}
