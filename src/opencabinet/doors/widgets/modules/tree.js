// Builds what a widget shows from its tree, `[tag, {attributes}, [children]]`, element by element: no text is ever read
// as HTML, so pages that allow nothing else can show it. What stands there already is brought up to date in its place.
const SVG = "http://www.w3.org/2000/svg";
const TAGS = new Set((
  "a abbr article b bdi br button caption circle clipPath code dd defs desc details div dl dt ellipse em figcaption " +
  "figure footer g h1 h2 h3 h4 h5 h6 header hr i kbd li line linearGradient main meter nav ol p path pattern polygon " +
  "polyline progress rect s section small span stop strong sub summary sup svg table tbody td text tfoot th thead " +
  "time title tr tspan u ul wbr"
).split(" "));
const SPOKEN = /^(?:aria-[a-z]+|data-[a-z-]+|class|colspan|d|datetime|dir|for|headers|height|id|lang|max|min|high|low|optimum|points|preserveAspectRatio|rel|role|rowspan|scope|tabindex|target|title|transform|type|value|viewBox|width|hidden|open|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|dx|dy|offset|text-anchor|dominant-baseline|fill|stroke|stroke-[a-z]+|fill-[a-z]+|opacity|vector-effect|focusable|font-size|font-weight|direction|clip-path|gradientUnits|pathLength|href)$/;
const MOVED_MILLISECONDS = 1600;
const LOCAL = /^url\(#[\w-]+\)$/;

function address(given, base) {
  const found = URL.canParse(given, base) ? new URL(given, base) : null;
  return found !== null && /^https?:$/.test(found.protocol) ? found.href : null;
}

// What an attribute is to say, null where it may not stand in pages of others.
function allowed(name, value, base) {
  const text = value === true ? "" : String(value);
  if (!SPOKEN.test(name) || value === null || value === false) return null;
  if (name === "href") return address(text, base);
  return text.includes("url(") && !LOCAL.test(text) ? null : text;
}

function dress(element, attributes, base) {
  const wanted = new Map();
  for (const [name, value] of Object.entries(attributes)) {
    const text = allowed(name, value, base);
    if (text !== null) wanted.set(name, text);
  }
  if (wanted.get("target") === "_blank") wanted.set("rel", "noopener");
  for (const { name } of [...element.attributes]) if (!wanted.has(name)) element.removeAttribute(name);
  for (const [name, text] of wanted) if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

const space = (tag, parent) => (tag === "svg" || parent?.namespaceURI === SVG ? SVG : "http://www.w3.org/1999/xhtml");
const keyOf = (node) => (typeof node === "string" ? undefined : node[1]["data-key"]);

export function build(node, base, parent = null) {
  if (typeof node === "string") return document.createTextNode(node);
  const [tag, attributes, children] = node;
  if (!TAGS.has(tag)) return document.createTextNode("");
  const element = document.createElementNS(space(tag, parent), tag);
  dress(element, attributes, base);
  element.append(...children.map((each) => build(each, base, element)));
  return element;
}

function same(found, wanted) {
  if (typeof wanted === "string") return found.nodeType === Node.TEXT_NODE;
  return found.nodeType === Node.ELEMENT_NODE && found.localName === wanted[0] && found.dataset.key === keyOf(wanted);
}

// Marks a figure that went up or down for a moment; what is exact stands in `data-value`.
function mark(element, before) {
  const [was, is] = [Number(before), Number(element.dataset.value)];
  if (before === undefined || was === is || Number.isNaN(was) || Number.isNaN(is)) return;
  element.dataset.moved = is > was ? "up" : "down";
  setTimeout(() => delete element.dataset.moved, MOVED_MILLISECONDS);
}

export function patch(found, wanted, base) {
  if (typeof wanted === "string") {
    if (found.data !== wanted) found.data = wanted;
    return;
  }
  const before = found.dataset.value;
  dress(found, wanted[1], base);
  mark(found, before);
  arrange(found, wanted[2], base);
}

// Gives an element the children that it is to have; those with a key are known again wherever they are.
export function arrange(parent, wanted, base) {
  const known = new Map([...parent.children].map((each) => [each.dataset.key, each]));
  known.delete(undefined);
  let at = parent.firstChild;
  for (const each of wanted) {
    const found = known.get(keyOf(each)) ?? at;
    if (found === null || !same(found, each)) {
      parent.insertBefore(build(each, base, parent), at);
      continue;
    }
    if (found === at) at = at.nextSibling;
    else parent.insertBefore(found, at);
    patch(found, each, base);
  }
  while (at !== null) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

// Takes over what a server wrote, so that it is known again: blanks between elements are no text.
export function adopt(element) {
  for (const each of [...element.childNodes]) {
    if (each.nodeType === Node.ELEMENT_NODE) adopt(each);
    else if (each.nodeType !== Node.TEXT_NODE || each.data.trim() === "") each.remove();
  }
}
