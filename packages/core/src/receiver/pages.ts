/** What a browser can be shown. */
export type Page = "received" | "failed" | "unused";

interface Content {
  readonly title: string;
  readonly text: string;
  readonly warning?: string;
  /** The sign beside the title: the data of an SVG path, on a canvas of 24 by 24. */
  readonly sign: string;
}

const CONTENT: Readonly<Record<Page, Content>> = {
  received: {
    title: "Login received",
    text: "You can close this tab and return to your terminal, which shows the result.",
    warning: "Do not copy or share the address of this page.",
    sign: "M6.5 12.5l3.5 3.5 7.5-8",
  },
  failed: {
    title: "Sign-in not completed",
    text: "The sign-in was not completed. Return to your terminal for details.",
    sign: "M8 8l8 8m0-8l-8 8",
  },
  unused: {
    title: "Address not in use",
    text: "This address is not in use. If you were signing in, return to your terminal and run the login command again.",
    sign: "M7.5 12h9",
  },
};

/** The pages' style sheet, to the byte: the content security policy names its hash. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#f3f5f7;--card:#fff;--line:#dde2e7;--ink:#1b242e;--soft:#55606d;
--received:#0b7a58;--failed:#b23a2e;--unused:#5b6674;--sign:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#11151a;--card:#1a2027;--line:#2d3640;--ink:#edf1f5;
--soft:#a5b0bd;--received:#3ecb9b;--failed:#ff8b7b;--unused:#99a5b3;--sign:#11151a}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);
font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{width:100%;max-width:31rem;padding:clamp(1.25rem,7vw,2.25rem);background:var(--card);border:1px solid var(--line);
border-radius:.75rem}
h1{display:flex;align-items:center;gap:.75rem;margin-bottom:1rem;font-size:1.5rem;line-height:1.25;font-weight:650}
svg{flex:none;width:2rem;height:2rem;padding:.25rem;border-radius:50%;fill:none;stroke:var(--sign);
stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
.received svg{background:var(--received)}.failed svg{background:var(--failed)}.unused svg{background:var(--unused)}
p+p{margin-top:.75rem;color:var(--soft)}
footer{margin-top:1.75rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.8125rem}
`;

/** One page. Constant: nothing of a request is ever in it, and it has no script and no link to follow. */
export function renderPage(page: Page): string {
  const { title, text, warning, sign } = CONTENT[page];
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
<h1><svg viewBox="0 0 24 24" aria-hidden="true"><path d="${sign}"/></svg>${title}</h1>
<p>${text}</p>
${warning === undefined ? "" : `<p>${warning}</p>\n`}<footer>meshauth</footer>
</main>
</body>
</html>
`;
}
