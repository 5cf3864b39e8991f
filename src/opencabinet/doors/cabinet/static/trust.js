// The one policy of Trusted Types. htmx parses fragments that it fetched from this origin (`selfRequestsOnly`), and the
// server escapes all that it puts into them; nothing may become a script, or an address that a script is loaded from.
window.trustedTypes?.createPolicy("default", { createHTML: (text) => text });
