"""How tests click."""

CHROME = {"User-Agent": "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"}
KEPT = "SELECT count(*) FROM clicks"
