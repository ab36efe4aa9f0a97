import { goJson, html, json, type Outcome, redirect, withHeaders } from "../http/answer.js";
import type { Recorded } from "../http/recorded.js";
import type { RouteHandler, Routes } from "../http/router.js";
import { escapeHtml, htmlPage } from "../pages.js";
import type { User } from "../users.js";
import type { ApiToken } from "./api-tokens.js";
import type { CloudContext } from "./context.js";

/** `/security/tokens`: where a person makes API tokens and downloads them as `auth.json`. */
export function tokensPageRoutes(context: CloudContext): Routes {
  const { apiTokens, browsers, remoteName } = context;
  const signedIn =
    (handle: (user: User, request: Recorded, id: string) => Outcome): RouteHandler =>
    (request, id) => {
      const user = browsers.user(request);
      return user ? handle(user, request, id) : redirect("/login");
    };

  return {
    "GET /security/tokens": signedIn((user) =>
      html(200, tokensPage(`${remoteName} Cloud`, apiTokens.of(user))),
    ),
    "POST /security/tokens": signedIn((user, request) => {
      const form = new URLSearchParams(request.body);
      apiTokens.create(user, form.get("name") ?? "", form.get("purpose") ?? "");
      return redirect("/security/tokens", 303);
    }),
    "POST /security/tokens/*/delete": signedIn((user, _request, id) => {
      apiTokens.delete(user, id);
      return redirect("/security/tokens", 303);
    }),
    "GET /security/tokens/*/auth.json": signedIn((user, _request, id) => {
      const found = apiTokens.of(user).find((token) => token.id === id);
      if (!found) return json(404, { error: "token not found" });
      return withHeaders(
        {
          status: 200,
          headers: [["Content-Type", "application/json"]],
          body: `${goJson({ "meshery-provider": remoteName, token: found.token })}\n`,
        },
        [
          ["Content-Disposition", 'attachment; filename="auth.json"'],
          ["Cache-Control", "no-store"],
        ],
      );
    }),
  };
}

function tokensPage(cloud: string, tokens: readonly ApiToken[]): string {
  const rows = tokens.map((token) => {
    const name = escapeHtml(token.name);
    return `<tr><td>${name}</td><td>${escapeHtml(token.purpose)}</td>
<td><a href="/security/tokens/${token.id}/auth.json" aria-label="Download ${name}">Download</a></td>
<td><form method="post" action="/security/tokens/${token.id}/delete">
<button type="submit" aria-label="Delete ${name}">Delete</button></form></td></tr>`;
  });
  const table = `<table><thead><tr><th>Name</th><th>Purpose</th><th>File</th><th></th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>`;
  return htmlPage(
    `${cloud}: security tokens`,
    `${tokens.length === 0 ? "<p>There are no tokens yet.</p>" : table}
<form method="post" action="/security/tokens">
<fieldset>
<legend>New token</legend>
<label>Name <input type="text" name="name" required></label>
<label>Purpose <input type="text" name="purpose"></label>
<button type="submit">Create</button>
</fieldset>
</form>
<p><a href="/">Dashboard</a></p>`,
  );
}
