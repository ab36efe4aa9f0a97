/** A person in a browser at the simulated cloud: signs in, decides, and is sent back to the program. */
export async function signIn(link: URL, { user = "", decision = "allow" } = {}): Promise<URL> {
  const cloud = link.origin;
  const query = link.search.slice(1);
  const page = await (await fetch(link)).text();
  const account = user || (/name="user" value="([^"]+)"/.exec(page)?.[1] ?? "");
  const signedIn = await post(`${cloud}/login`, { user: account, query });
  const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const decided = await post(`${cloud}/consent`, { query, decision }, cookie);
  return new URL(decided.headers.get("location") ?? "");
}

/** The same, and the browser follows to the program's address. */
export async function signInAndReturn(
  link: URL,
  choice: { user?: string; decision?: string } = {},
): Promise<void> {
  await fetch(await signIn(link, choice), { redirect: "manual" });
}

function post(url: string, form: Readonly<Record<string, string>>, cookie = ""): Promise<Response> {
  return fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Cookie: cookie },
    body: new URLSearchParams(form).toString(),
  });
}
