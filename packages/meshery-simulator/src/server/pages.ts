import { escapeHtml, htmlPage } from "../pages.js";
import type { RegisteredProvider } from "./registry.js";

/** The page where a person picks a provider. Programs meet it as HTML with status 200. */
export function chooserPage(providers: readonly RegisteredProvider[]): string {
  const items = providers.map(
    ({ key, name }) =>
      `<li><a href="/api/provider?provider=${encodeURIComponent(key)}">${escapeHtml(name)}</a></li>`,
  );
  return htmlPage("Meshery: select your provider", `<ul>\n${items.join("\n")}\n</ul>`);
}

/** What stands for the whole of Meshery's interface. */
export function homePage(provider: string, userName: string): string {
  return htmlPage(
    "Meshery",
    `<p>Signed in as <strong>${escapeHtml(userName)}</strong> through ${escapeHtml(provider)}.</p>
<p><a href="/user/logout">Sign out</a></p>`,
  );
}
