import { expect, test } from "vitest";
import { verdictsOn } from "../../../test/support/conformance.js";
import { conformance } from "./support/conformance.js";

test("passes the conformance kit", async () => {
  expect(await verdictsOn(new URL("..", import.meta.url), conformance)).toMatchInlineSnapshot(`
    {
      "failed": [],
      "notRun": {
        "A login asks no server of its own.": "login.server-down login.server-silent login.server-slow login.server-error login.server-redirect login.server-html login.server-huge login.server-empty login.server-cut",
        "The login of the example asks nothing and reads nothing.": "login.closed-input",
        "The provider has no function saved.": "saved.success",
        "The provider requires no option.": "options.required",
      },
    }
  `);
}, 120_000);
