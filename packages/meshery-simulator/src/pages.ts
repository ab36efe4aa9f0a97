/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(value: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "amp",
    "<": "lt",
    ">": "gt",
    '"': "quot",
    "'": "#39",
  };
  return value.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }
form { margin: 1.5rem 0; }
fieldset { border: 1px solid GrayText; border-radius: .5rem; padding: 1rem; }
label { display: block; margin: .5rem 0; }
input[type=text], input[type=password] { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; }
button { font: inherit; padding: .5rem 1.25rem; margin: .5rem .5rem 0 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem; border-bottom: 1px solid GrayText; }
small { opacity: .8; }
td form { margin: 0; }
td button { margin: 0; }
`;

/**
 * A whole page in the simulator's plain look: no script, light or dark as the browser is.
 *
 * @param content - HTML; escape what is not yours.
 */
export function htmlPage(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
<footer><small>This is a simulator. The people are made up, and every password works.</small></footer>
</body>
</html>
`;
}
