// The one policy of Trusted Types. htmx parses what it fetched from this origin (`selfRequestsOnly`), where all that is put
// into a page is escaped. What passes here beside that is HTML of our own strict kind: tags and attributes as we write them,
// and none that could run, load or frame anything else. The head of a whole page is looked at by nobody, so it goes nowhere.
// No policy is given for scripts, or for addresses of scripts.
const TAG = /<\/?([a-z][a-z0-9-]*)((?:\s+[a-z_:@][\w:.@-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)*)\s*\/?>/giy;
const ATTRIBUTE = /([a-z_:@][\w:.@-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?/gi;
const NEVER = /^(?:script|style|base|meta|link|object|embed|applet|noembed|noframes|plaintext|xmp|math|foreignobject|frame|frameset|portal|set|animate)$/i;
const RUNS = /^(?:on.*|hx-on.*|data-hx-on.*|srcdoc|style|is|hx-vars|data-hx-vars|ping|xlink:href)$/i;
const ADDRESS = /^(?:href|src|action|formaction|data|poster|background|cite)$/i;
const PLAIN = /^(?:\/(?!\/)|\?|#|\.{0,2}\/|https?:|mailto:|$)/i;

const shown = (text) => text.replace(/^\s*<!doctype html>\s*/i, "").replace(/<head(?:\s[^>]*)?>[\s\S]*?<\/head>/i, "");

function harmless(rest) {
  for (let start = rest.indexOf("<"); start >= 0; start = rest.indexOf("<", start)) {
    TAG.lastIndex = start;
    const tag = TAG.exec(rest);
    if (!tag || NEVER.test(tag[1])) return false;
    for (const [, name, double, single, bare] of tag[2].matchAll(ATTRIBUTE)) {
      const value = (double ?? single ?? bare ?? "").trim();
      if (RUNS.test(name) || (ADDRESS.test(name) && !PLAIN.test(value))) return false;
    }
    start = TAG.lastIndex;
  }
  return true;
}

window.trustedTypes?.createPolicy("default", {
  createHTML: (text) => {
    const rest = shown(text);
    return harmless(rest) ? rest : null;
  },
});
