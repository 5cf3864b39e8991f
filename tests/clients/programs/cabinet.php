<?php
# Read an account's summary, lots, bonuses, operations and authorizations: cabinet.php URL LOGIN PASSWORD.
[, $url, $login, $password] = $argv;

function ask(string $url, array $options): string {
    $handle = curl_init($url);
    curl_setopt_array($handle, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 20]);
    $text = curl_exec($handle);
    if (curl_getinfo($handle, CURLINFO_RESPONSE_CODE) !== 200) {
        fwrite(STDERR, "$url: $text\n");
        exit(1);
    }
    return $text;
}

$token = ask("$url/api/Authentication/RequestClientApiToken", [
    CURLOPT_POSTFIELDS => json_encode(["Login" => (int) $login, "Password" => $password]),
    CURLOPT_HTTPHEADER => ["Content-Type: application/json"],
]);
$passkey = [CURLOPT_HTTPHEADER => ["passkey: $token"]];

foreach (["RequestAccountSummary", "RequestClosedLots", "RequestBonusStatistic", "RequestBalanceOperations"] as $method) {
    echo ask("$url/client/$method/$login", $passkey), "\n";
}

$day = ask("$url/client/RequestClosedLots/$login/1772409600/1772496000", $passkey);
printf("%.1f lots\n", json_decode($day)->ClosedLots);

$history = json_decode(ask("$url/client/RequestAuthorizationHistory/$login?limit=1", $passkey));
printf("%s from %s\n", $history[0]->Method, $history[0]->Ip);

$clock = (int) ask("$url/client/RequestServerTime", []);
echo abs(time() - $clock) <= 5 ? "in time" : "out of time", "\n";
