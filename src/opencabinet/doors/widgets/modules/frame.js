// Keeps a frame up to date, and tells the page around how high it is: a number and its id, nothing else.
import { adopt, arrange } from "./tree.js";
import { Source } from "./asking.js";
import { Teller } from "./telling.js";

const root = document.documentElement;
const place = document.querySelector("#widget");
const framed = window.parent !== window;
let told = 0;

// The origin of the page around; "*" where it has none to tell. Whoever hears a height learns nothing by it.
function around() {
  const given = window.location.ancestorOrigins?.[0] ?? (URL.canParse(document.referrer) ? new URL(document.referrer).origin : "");
  return /^https?:/.test(given) ? given : "*";
}

function tell(again) {
  const height = Math.ceil(root.getBoundingClientRect().height);
  if (!framed || height === 0 || (height === told && again !== true)) return;
  told = height;
  window.parent.postMessage({ opencabinet: "height", id: window.name || null, height }, around());
  const [, secret] = /(?:^#|[?&])secret=([A-Za-z0-9]{1,64})/.exec(window.location.hash) ?? [];
  if (secret) window.parent.postMessage({ message: "height", value: height, secret }, around()); // as WordPress asks
}

function follow(address, after) {
  const teller = new Teller(document.querySelector("#told"));
  teller.tell(place.dataset.said);
  delete place.dataset.said;
  adopt(place);
  const source = new Source(new URL(address, window.location.href).href, undefined, after);
  source.listen({
    load(shown) {
      arrange(place, [shown.tree], window.location.origin);
      teller.tell(shown.said);
    },
    fail(failed) {
      if (!failed.closed || !failed.told?.tree) return;
      teller.forget();
      arrange(place, [failed.told.tree], window.location.origin);
    },
  });
  window.addEventListener("pageshow", ({ persisted }) => persisted && source.renew());
}

// Whether a browser went back to this page: it then shows what it kept, without asking whether that is still good.
const returned = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";

new ResizeObserver(() => tell()).observe(root);
window.addEventListener("message", ({ source, data }) => {
  if (source === window.parent && data === "opencabinet:height?") tell(true);
});
tell();
if (place?.dataset.source) follow(place.dataset.source, returned() ? 0 : Number(place.dataset.refresh));
