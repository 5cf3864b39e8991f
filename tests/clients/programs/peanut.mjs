// Read an account as a mobile cabinet does, with login and token in every body: peanut.mjs URL LOGIN PASSWORD.
const [url, login, password] = process.argv.slice(2);

async function post(path, body, accept) {
  const headers = { "Content-Type": "application/json-patch+json", Origin: "https://somewhere.example" };
  const options = { method: "POST", headers: accept ? { ...headers, Accept: accept } : headers };
  const answer = await fetch(`${url}/api/${path}`, { ...options, body: JSON.stringify(body) });
  if (answer.headers.get("access-control-allow-origin") !== "*") throw new Error("a browser could not read this");
  return answer;
}

async function ask(method, more = {}, accept = undefined) {
  const answer = await post(method, { login, token, ...more }, accept);
  if (!answer.ok) throw new Error(`${method}: ${answer.status} ${await answer.text()}`);
  return answer;
}

const began = await post("ClientCabinetBasic/IsAccountCredentialsCorrect", { login, password });
const { result, token } = await began.json();
if (result !== true) throw new Error("no");

for (const method of ["GetOpenTrades", "GetBalanceOperationsHistory", "GetBonusStatistic"]) {
  console.log(await (await ask(`ClientCabinetBasic/${method}`)).text());
}
console.log(await (await ask("ClientCabinetBasic/GetClosedTrades", { count: 50, offset: 0, from: 0 })).text());
console.log(await (await ask("ClientCabinetFavourite/GetMyStats")).text());

const account = await (await ask("ClientCabinetBasic/GetAccountInformation")).json();
console.log(Object.keys(account).length, Object.values(account).includes(null), /^[0-9a-f]{32}$/.test(account.phone));
console.log(await (await ask("ClientCabinetBasic/GetLastFourNumbersPhone")).text());
console.log(await (await ask("ClientCabinetBasic/GetLastFourNumbersPhone", {}, "application/json")).json());

const over = await post("ClientCabinetBasic/GetOpenTrades", { login, token: "expired" });
console.log(over.status, await over.text());
const wrong = await post("ClientCabinetBasic/IsAccountCredentialsCorrect", { login, password: "wrong" });
console.log(wrong.status);
