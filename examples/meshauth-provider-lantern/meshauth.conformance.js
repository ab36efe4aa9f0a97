// @ts-check
// Tells the conformance kit how logins succeed. Everything is made anew for every case.
import { defineConformance } from "@meshauth/provider-testkit";
import { createLantern } from "./server/lantern.js";

export default defineConformance({
  providers: {
    lantern: async ({ secret }) => {
      const lantern = createLantern({ secret });
      const page = await lantern(new Request("https://eu.lantern.example/tokens", { method: "POST" }));
      const [apiToken = ""] = /lantern_[^<]+/.exec(await page.text()) ?? [];
      return {
        servers: { "https://eu.lantern.example": lantern },
        login: { options: { region: "eu" } },
        tokenLogin: { options: { region: "eu" }, token: apiToken },
        identify: {},
        refresh: {},
        revoke: {},
      };
    },
  },
});
