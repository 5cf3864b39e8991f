// Read an account as a program of Node does: reader.mjs URL LOGIN PASSWORD. The body goes out in pieces, the token as it came.
const [url, login, password] = process.argv.slice(2);

async function text(path, options) {
  const answer = await fetch(url + path, options);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.text();
}

const body = new Blob([JSON.stringify({ login, password })]).stream();
const passkey = await text("/API/authentication/requestclientapitoken/", { method: "POST", body, duplex: "half" });
for (const method of ["RequestBalanceInformation", "RequestOpenTrades", "RequestClosedTrades"]) {
  console.log(await text(`/client/${method}/${login}`, { headers: { Passkey: passkey } }));
}
