// Stands in for a browser and the person in front of it, as MESHAUTH_BROWSER: opens a sign-in link, goes on as the first
// person on the page, and follows the way back to the waiting command.
import http from "node:http";

const [link = ""] = process.argv.slice(2);
const page = await ask(link);
const [, href] = /<a href="([^"]+)"/.exec(page.body) ?? [];
const [, person] = /name="person" value="([^"]+)"/.exec(page.body) ?? [];
const answer =
  href === undefined
    ? await ask(link, { method: "POST", body: `person=${person}` })
    : await ask(new URL(href.replaceAll("&amp;", "&"), link).href);
const received = await ask(answer.location ?? "");
const shown = await ask(new URL(received.location ?? "", answer.location).href);
process.exit(shown.status === 200 ? 0 : 1);

/** As a browser asks that was told to go there: `fetch` would say that a script asked. */
function ask(address, { method = "GET", body } = {}) {
  const headers = {
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    "sec-fetch-site": "cross-site",
    ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
  };
  return new Promise((resolve, reject) => {
    const request = http.request(address, { method, headers, agent: false, timeout: 10_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.once("end", () => {
        resolve({ status: response.statusCode, location: response.headers.location, body: text });
      });
    });
    request
      .once("timeout", () => request.destroy(new Error("No answer.")))
      .once("error", reject)
      .end(body);
  });
}
