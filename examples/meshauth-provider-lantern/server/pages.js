// @ts-check

/** @param {readonly { sub: string, name: string, email: string }[]} people */
export function signInPage(people) {
  const buttons = people.map(
    ({ sub, name, email }) => `<p><button name="person" value="${sub}">${name}</button> ${email}</p>`,
  );
  return page(
    "Sign in to Lantern",
    `<p>meshauth on your computer wants to know who you are.</p>
<form method="post">${buttons.join("\n")}<p><button>Cancel</button></p></form>`,
  );
}

/** @param {string} [token] - The one that was just made. */
export function tokenPage(token) {
  return page(
    "API tokens",
    `<p>For where no browser can be opened: <code>meshauth login lantern --token-stdin</code></p>
${token === undefined ? "" : `<p>Ada's new token: <code>${token}</code></p>`}
<form method="post"><button>Make a token for Ada</button></form>`,
  );
}

/** @param {string} title @param {string} content */
function page(title, content) {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}button{font:inherit}</style>
</head><body><h1>${title}</h1>${content}</body></html>
`;
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}
