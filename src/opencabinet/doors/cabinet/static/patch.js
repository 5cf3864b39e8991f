// Parts that follow the market: what changed is changed in place, so that nothing flickers, scrolls away or loses focus.
const known = (node) => node.nodeType === 1 ? node.dataset.key ?? node.id : "";
const like = (old, fresh) => old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && known(old) === known(fresh);
const kept = new Set(["open", "aria-busy", "class"]);

function attributes(old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !kept.has(name)) old.removeAttribute(name);
}

function patch(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
  } else if (!("own" in old.dataset)) {
    attributes(old, fresh);
    children(old, fresh);
  }
}

function children(old, fresh) {
  let place = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let found = place;
    while (found && !like(found, wanted)) found = known(wanted) ? found.nextSibling : null;
    if (found) {
      if (found !== place) old.insertBefore(found, place);
      else place = place.nextSibling;
      patch(found, wanted);
    } else old.insertBefore(wanted, place);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

htmx.defineExtension("patch", {
  isInlineSwap: (style) => style === "patch",
  handleSwap: (style, target, fragment) => {
    if (style !== "patch") return false;
    const fresh = fragment.querySelector?.(".part") ?? fragment.firstElementChild;
    if (fresh) patch(target, fresh);
    else target.replaceChildren(fragment);
    return [target];
  },
});

// Nobody looks at a page that is hidden: it asks for nothing, and is up to date again once it is looked at.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && "live" in event.detail.elt.dataset) event.preventDefault();
});
