// What pages do beside what htmx does for them.
document.addEventListener("htmx:responseError", (event) => {
  const place = event.detail.target;
  place.replaceChildren(document.createTextNode(place.dataset.failed ?? ""));
});
