// Passkeys: a form with `data-passkey` asks the server what is to be signed or made, then the device, and sends what it says.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

function question(asked) {
  const told = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) told.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.allowCredentials) told.allowCredentials = known(asked.allowCredentials);
  if (asked.excludeCredentials) told.excludeCredentials = known(asked.excludeCredentials);
  return { publicKey: told };
}

function answer({ id, rawId, type, response }) {
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) said[name] = text(response[name]);
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({ id, rawId: text(rawId), type, response: said });
}

async function asked(form) {
  const sent = new URLSearchParams({ form_token: form.elements.form_token.value });
  const told = await fetch(form.dataset.ask, { method: "POST", body: sent, redirect: "error" });
  if (!told.ok) throw new Error(told.statusText);
  return told.json();
}

async function use(event) {
  const form = event.target;
  event.preventDefault();
  const failed = form.querySelector("[role=alert]");
  failed.hidden = true;
  form.setAttribute("aria-busy", "true");
  try {
    const device = navigator.credentials[form.dataset.passkey].bind(navigator.credentials);
    form.elements.answer.value = answer(await device(question(await asked(form))));
    form.submit();
  } catch {
    failed.textContent = form.dataset.failed;
    failed.hidden = false;
    form.removeAttribute("aria-busy");
    form.querySelectorAll("button").forEach((each) => (each.disabled = false));
  }
}

document.querySelectorAll("form[data-passkey]").forEach((form) => form.addEventListener("submit", use));
