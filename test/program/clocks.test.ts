import { AuthStore } from "@meshauth/auth-store";
import { describe, expect, test } from "vitest";
import { browserLogin } from "../support/browser-login.js";
import { put } from "../support/files.js";
import { offlineHome, plainHome } from "../support/offline.js";
import { document, type Home, meshauth } from "../support/program.js";
import { simulated } from "../support/simulated.js";
import { dataDir } from "../support/third-party.js";
import { authJson, madeUpToken } from "../support/tokens.js";

async function statusOf(home: Home, env: Record<string, string> = {}) {
  const outcome = await meshauth(home, ["status", "--json"], { env });
  const { contexts } = document(outcome) as { contexts: { state: string; refreshable: boolean }[] };
  return { ...outcome, first: contexts[0] };
}

describe("a provider whose clock differs", () => {
  test.each([
    ["two hours behind: the token has ended here, and is good there", -7_200_000, "120 min ahead of"],
    ["two hours ahead: the same token", 7_200_000, "120 min behind"],
  ])(
    "%s",
    async (_, skew, words) => {
      const simulator = await simulated({ now: () => new Date(Date.now() + skew) });
      const home = plainHome({ MESHERY_SERVER_URL: simulator.server.url });
      const login = await browserLogin(home, []);
      expect(login.code, login.stderr).toBe(0);
      const status = await statusOf(home);
      expect([status.code, status.first?.state]).toEqual([0, "valid"]);
      expect(status.stderr).toContain(`Warning: This machine's clock is ${words} the provider's.`);
      const view = await meshauth(home, ["status"]);
      expect(view.stderr).toContain(words);
    },
    90_000,
  );

  test("one that agrees is not spoken of", async () => {
    const simulator = await simulated();
    const home = plainHome({ MESHERY_SERVER_URL: simulator.server.url });
    expect((await browserLogin(home, [])).code).toBe(0);
    expect((await statusOf(home)).stderr).not.toContain("clock");
  }, 90_000);
});

test("a credential whose renewal was refused is expired once its access token has ended", async () => {
  const home = offlineHome();
  put(home.authJson, authJson("Layer5", madeUpToken({ expiresIn: -60 }).token));
  expect(await statusOf(home)).toMatchObject({ code: 0, first: { state: "refreshable", refreshable: true } });
  const store = new AuthStore({ file: home.authJson, dataDir: dataDir(home) });
  await store.commit(() => ({ refused: true }));
  expect(await statusOf(home)).toMatchObject({ code: 4, first: { state: "expired", refreshable: false } });
  put(home.authJson, authJson("Layer5", madeUpToken({ expiresIn: -60 }).token));
  expect((await statusOf(home)).first?.state).toBe("refreshable");
});

test("white space around a token in the environment is not part of it", async () => {
  const { token } = madeUpToken();
  const status = await statusOf(offlineHome(), {
    MESHERY_API_TOKEN: `  ${token}\n`,
    MESHERY_PROVIDER: " Layer5 ",
  });
  expect(status).toMatchObject({ code: 0, first: { state: "valid", provider: "Layer5" } });
  expect((await statusOf(offlineHome(), { MESHERY_API_TOKEN: " \n" })).code).toBe(4);
});
