// What a person does on the tokens page of the simulated cloud: sign in, press Create, press Download.

/** Gives the bytes of the downloaded auth.json. */
export async function downloadAuthJson({ url, users }) {
  const signedIn = await post(new URL("/login", url), { user: users[0].id, query: "" });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const tokens = new URL("/security/tokens", url);
  await post(tokens, { name: "demo", purpose: "the demo" }, cookie);
  const page = await (await fetch(tokens, { headers: { cookie } })).text();
  const link = /href="(\/security\/tokens\/[^"]+\/auth\.json)"/.exec(page)?.[1];
  if (!link) throw new Error("The tokens page has no download.");
  return new Uint8Array(await (await fetch(new URL(link, url), { headers: { cookie } })).arrayBuffer());
}

function post(address, fields, cookie = "") {
  return fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { cookie },
    redirect: "manual",
  });
}
