// Tells the page around how high this one is, and renews what moves. Nothing is kept, and nobody else is asked.
const root = document.documentElement;
const { id, post, host, refresh } = root.dataset;
const framed = window.parent !== window;
let told = 0;

function said(height) {
  if (post === "number") return height;
  return post === "text" ? `${id ?? ""}_${height}` : { id: id ?? null, height };
}

// Older pages read the height behind the hash of their own address. They are sent there only if they are known to be at
// that very address: one that tells its origin alone would be left.
function tellByHash(height) {
  const around = document.referrer.split("#")[0];
  const whole = host && around.startsWith(`${host}/`) && around.length > host.length + 1;
  if (whole && navigator.userActivation?.hasBeenActive) window.parent.location.replace(`${around}#h${height}`);
}

function tell(again) {
  const height = Math.ceil(root.getBoundingClientRect().height);
  if (!framed || height === 0 || (height === told && again !== true)) return;
  told = height;
  window.parent.postMessage(said(height), "*"); // it is the height of a public page
  tellByHash(height);
}

function mark(before, after) {
  for (const cell of after.querySelectorAll("[data-key]")) {
    const was = Number(before.get(cell.dataset.key));
    const is = Number(cell.textContent);
    if (is > was) cell.classList.add("up");
    if (is < was) cell.classList.add("down");
  }
}

async function renew(live, was) {
  const answer = await fetch(location.href, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok) throw new Error(answer.statusText, { cause: Number(answer.headers.get("Retry-After")) });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
  const is = fresh?.innerHTML ?? was;
  if (is === was) return was;
  const before = new Map([...live.querySelectorAll("[data-key]")].map((cell) => [cell.dataset.key, cell.textContent]));
  mark(before, fresh);
  live.replaceChildren(...document.importNode(fresh, true).childNodes);
  return is;
}

async function follow(seconds) {
  const live = document.querySelector("[data-live]");
  let was = live?.innerHTML;
  let wait = seconds;
  while (live !== null) {
    await new Promise((done) => setTimeout(done, wait * 1000));
    if (document.visibilityState !== "visible") continue;
    try {
      was = await renew(live, was);
      wait = seconds;
    } catch (failed) {
      wait = Math.max(failed.cause || 60, seconds);
    }
  }
}

// Countries are listed in English; a browser can say them in other languages.
function translate(list) {
  const language = list.closest("[lang]").lang;
  if (language === "en" || Intl.DisplayNames === undefined) return;
  const names = new Intl.DisplayNames([language], { type: "region" });
  const named = [...list.options].filter((each) => each.value !== "");
  for (const each of named) each.textContent = names.of(each.value) ?? each.textContent;
  const chosen = list.value;
  list.append(...named.sort((one, other) => one.textContent.localeCompare(other.textContent, language)));
  list.value = chosen;
}

for (const list of document.querySelectorAll("#country")) translate(list);
new ResizeObserver(tell).observe(root);
window.addEventListener("message", (event) => {
  if (event.source === window.parent && event.data === "height?") tell(true);
});
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("button")) button.disabled = true;
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button")) button.disabled = false;
});
tell();
if (Number(refresh) > 0) follow(Number(refresh));
