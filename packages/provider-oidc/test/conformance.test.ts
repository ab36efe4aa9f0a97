import { expect, test } from "vitest";
import { verdictsOn } from "../../../test/support/conformance.js";
import { conformance } from "./support/conformance.js";

test("passes the conformance kit", async () => {
  expect(await verdictsOn(new URL("..", import.meta.url), conformance)).toMatchInlineSnapshot(`
    {
      "failed": [],
      "notRun": {
        "The example has none: every login did.": "login.no-meshery-server",
        "The login of the example asks nothing and reads nothing.": "login.closed-input",
        "The provider does not have the flow paste.": "token.success token.malformed",
        "The provider has no function saved.": "saved.success",
      },
    }
  `);
}, 240_000);
