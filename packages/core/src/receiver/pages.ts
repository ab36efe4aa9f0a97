/** What a browser can be shown. */
export type Page = "received" | "failed" | "unused";

const TEXT: Readonly<Record<Page, { title: string; text: string; warning?: string }>> = {
  received: {
    title: "Login received",
    text: "You can close this tab and return to your terminal, which shows the result.",
    warning: "Do not copy or share the address of this page.",
  },
  failed: {
    title: "Sign-in not completed",
    text: "The sign-in was not completed. Return to your terminal for details.",
  },
  unused: {
    title: "Address not in use",
    text: "This address is not in use. If you were signing in, return to your terminal and run the login command again.",
  },
};

/** The pages' style sheet, to the byte: the content security policy names its hash. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#f4f5f7;--card:#fff;--line:#dfe3e8;--ink:#1c2530;--soft:#55606e;
--received:#0a7d5a;--failed:#b3372b;--unused:#5b6675}
@media (prefers-color-scheme:dark){:root{--paper:#12161b;--card:#1b2128;--line:#2e3741;--ink:#eef2f6;
--soft:#a7b2bf;--received:#3fcf9f;--failed:#ff8a7a;--unused:#9aa6b4}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);
font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{width:100%;max-width:30rem;padding:2.25rem 2rem;background:var(--card);border:1px solid var(--line);
border-radius:.75rem;border-top:.25rem solid var(--tone)}
h1{margin-bottom:.75rem;font-size:1.5rem;line-height:1.3;font-weight:650;color:var(--tone)}
p+p{margin-top:1rem;color:var(--soft);font-size:.9375rem}
footer{margin-top:1.75rem;color:var(--soft);font-size:.8125rem}
.received{--tone:var(--received)}.failed{--tone:var(--failed)}.unused{--tone:var(--unused)}
`;

/** One page. Constant: nothing of a request is ever in it, and it has no script and no link to follow. */
export function renderPage(page: Page): string {
  const { title, text, warning } = TEXT[page];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · meshauth</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main class="${page}">
<h1>${title}</h1>
<p>${text}</p>
${warning === undefined ? "" : `<p>${warning}</p>\n`}<footer>meshauth</footer>
</main>
</body>
</html>
`;
}
