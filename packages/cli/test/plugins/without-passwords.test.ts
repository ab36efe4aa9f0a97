import { expect, test } from "vitest";
import { withoutPasswords } from "../../src/plugins/without-passwords.js";

test.each([
  ["https://me:s3cret@host/p.tgz", "https://host/p.tgz"],
  ["https://s3cret@host/p.tgz", "https://host/p.tgz"],
  ["https://me:s3@cret@host/p.tgz", "https://host/p.tgz"],
  ["git+https://me:s3cret@host/p.git#main", "git+https://host/p.git#main"],
  ["404 https://me:s3cret@host/a and http://x:y@other", "404 https://host/a and http://other"],
  ["https://host/@scope/p.tgz", "https://host/@scope/p.tgz"],
  ["@scope/name@1.2.3", "@scope/name@1.2.3"],
])("%s is shown as %s", (text, shown) => {
  expect(withoutPasswords(text)).toBe(shown);
});
