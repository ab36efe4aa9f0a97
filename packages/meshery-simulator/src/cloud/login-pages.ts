import { escapeHtml, htmlPage } from "../pages.js";
import type { User } from "../users.js";

const fullName = (user: User): string => `${user.firstName} ${user.lastName}`;
const hidden = (query: string): string => `<input type="hidden" name="query" value="${escapeHtml(query)}">`;

/** @param query - The query of the login, which the form carries along. */
export function signInPage(cloud: string, users: readonly User[], query: string): string {
  const choices = users
    .map(
      (user, index) =>
        `<label><input type="radio" name="user" value="${escapeHtml(user.id)}"${index === 0 ? " checked" : ""}>
${escapeHtml(fullName(user))} <small>${escapeHtml(user.email)}</small></label>`,
    )
    .join("\n");
  return htmlPage(
    `Sign in to ${cloud}`,
    `<form method="post" action="/login">
${hidden(query)}
<fieldset>
<legend>Account</legend>
${choices}
</fieldset>
<label>Password <input type="password" name="password" autocomplete="off"></label>
<button type="submit">Sign in</button>
</form>`,
  );
}

/** Asks whether what listens at `target` may act for the user. */
export function consentPage(cloud: string, user: User, target: string, query: string): string {
  return htmlPage(
    `${cloud}: allow access?`,
    `<p>You are signed in as <strong>${escapeHtml(fullName(user))}</strong> (${escapeHtml(user.email)}).</p>
<p>A program on this computer, at <code>${escapeHtml(target)}</code>, asks to act for you in Meshery.</p>
<form method="post" action="/consent">
${hidden(query)}
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form>
<p><a href="/logout?${escapeHtml(query)}">Use another account</a></p>`,
  );
}

/** What a signed-in person sees. It leads nowhere but to the cloud's own pages. */
export function dashboardPage(cloud: string, user: User): string {
  return htmlPage(
    `${cloud} dashboard`,
    `<p>Welcome back, <strong>${escapeHtml(fullName(user))}</strong>.</p>
<p><a href="/security/tokens">Security tokens</a></p>
<p><a href="/logout">Sign out</a></p>`,
  );
}

export function problemPage(cloud: string, problem: string): string {
  return htmlPage(cloud, `<p role="alert">${escapeHtml(problem)}</p>`);
}
