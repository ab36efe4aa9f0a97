import { stat } from "node:fs/promises";
import { get } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { type Gateway, openGateway } from "../src/bench/gateway.js";
import { CASES } from "../src/cases/index.js";
import { ORIGIN_HEADER } from "../src/headers.js";
import { patience } from "../src/patience.js";
import { runCases } from "../src/run-conformance.js";
import { copyFixture, failures } from "./support/fixture.js";

describe("the server in the place of all others", () => {
  let gateway: Gateway | undefined;
  afterEach(() => gateway?.close());

  test("hands on a header of 100,000 characters: what is no token is for the example to refuse", async () => {
    const origin = "https://pier.example";
    gateway = await openGateway({
      servers: { [origin]: ({ headers }) => new Response(`${headers.get("authorization")?.length}`) },
      mesheryServer: undefined,
      onFault: () => undefined,
    });
    const headers = { [ORIGIN_HEADER]: origin, authorization: "A".repeat(100_000) };
    const { url } = gateway;
    const status = await new Promise((resolve, reject) => {
      get(url, { headers }, (response) => resolve(response.resume().statusCode)).once("error", reject);
    });
    expect(status).toBe(200);
  });
});

describe("a browser", () => {
  test("that brings nothing back ends the wait for it", async () => {
    const { root, remove } = await copyFixture("browser", [
      { file: "meshauth.conformance.js", from: 'workspace") !== "docks"', to: 'workspace") !== "pier"' },
    ]);
    try {
      const wanted = ["package.declaration", "module.agrees", "example.fits", "login.success"];
      const cases = CASES.filter(({ id }) => wanted.includes(id));
      const [failure, ...others] = failures(await runCases({ root }, cases));
      expect(failure).toMatchObject({
        id: "login.success",
        reason: expect.stringContaining("it was aborted"),
      });
      expect(failure?.reason).toContain("The browser got a page (200)");
      expect(others).toEqual([]);
    } finally {
      await remove();
    }
  });
});

test("a machine that halts takes little of the time that something is waited for", async () => {
  const order: string[] = [];
  const patient = patience(1_000).then(() => order.push("the time is up"));
  const answer = stat(import.meta.filename).then(() => order.push("the answer came"));
  const halt = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(halt, 0, 0, 1_200);
  await Promise.all([patient, answer]);
  expect(order).toEqual(["the answer came", "the time is up"]);
});
