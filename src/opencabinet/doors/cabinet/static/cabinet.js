// What pages do beside what htmx does for them; all of it works without, only less smoothly.
const part = (element) => element.closest(".part");

// A part that cannot be reached says so, and can be asked for again.
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:swapError"]) {
  document.addEventListener(name, ({ detail: { elt, target } }) => {
    const place = part(elt) ?? target;
    place.replaceChildren(document.getElementById("unreached").content.cloneNode(true));
    place.removeAttribute("aria-busy");
    place.querySelector("[data-again]").addEventListener("click", () => {
      const { method, path } = { method: elt.hasAttribute("hx-post") ? "post" : "get", path: elt.getAttribute("hx-get") ?? location.href };
      if (method === "get" && elt.hasAttribute("hx-get")) htmx.ajax("get", path, { source: place, target: place, swap: "outerHTML" });
      else location.reload();
    });
  });
}

// What drops down closes by Escape, by a click elsewhere, and when another opens.
const drops = () => document.querySelectorAll("details.drop[open]");
document.addEventListener("click", ({ target }) => drops().forEach((each) => each.contains(target) || (each.open = false)));
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  drops().forEach((each) => {
    each.open = false;
    each.querySelector("summary").focus();
  });
});

// Language and colours are taken at once where they are chosen.
document.querySelectorAll(".foot form").forEach((form) => {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
});

// A form is sent once; the page may be come back to.
document.addEventListener("submit", ({ target, submitter }) => {
  if (submitter && !("passkey" in target.dataset || "stays" in target.dataset || target.hasAttribute("hx-post")))
    setTimeout(() => (submitter.disabled = true));
});
addEventListener("pageshow", () => document.querySelectorAll("button:disabled").forEach((each) => (each.disabled = false)));

// What is shown once can be copied and printed.
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-prints]")) print();
  const button = target.closest?.("[data-copies]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copies);
  navigator.clipboard?.writeText(from.value ?? from.innerText).then(() => (button.textContent = button.dataset.copied ?? button.textContent));
});
