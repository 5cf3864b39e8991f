// One's own address is added where it is typed, without the page being asked for again.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-adds]");
  if (!button) return;
  event.preventDefault();
  const field = document.getElementById(button.dataset.to);
  const lines = field.value.split("\n").map((each) => each.trim()).filter(Boolean);
  if (!lines.includes(button.dataset.adds)) lines.push(button.dataset.adds);
  field.value = lines.join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// A row says what was chosen in it while it is closed, too.
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.(".rule select.level")) return;
  const badge = target.closest(".rule").querySelector(".badge");
  badge.textContent = target.selectedOptions[0].textContent.split(":")[0];
  badge.className = `badge level-${target.value || "none"}`;
});
