import { Writable } from "node:stream";
import { Secrets } from "@meshauth/core";
import { expect, test } from "vitest";
import { Output } from "../src/output.js";

const SECRET = "made-up-secret-0123456789";

function outputTo(stdout: Writable): Output {
  const secrets = new Secrets();
  secrets.add(SECRET);
  const streams = { stdout, stderr: new Writable({ write: (_chunk, _encoding, done) => done() }) };
  return new Output(secrets, streams as unknown as Pick<NodeJS.Process, "stdout" | "stderr">);
}

test("secret data is written as it is, in order with other data, which is not", async () => {
  const chunks: Buffer[] = [];
  const output = outputTo(
    new Writable({
      write(chunk, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    }),
  );
  output.data(`a ${SECRET}\n`);
  expect(await output.secretData(`b ${SECRET}\n`)).toBe(true);
  expect(await output.secretData(Uint8Array.of(0xff, 0x00, 0xfe))).toBe(true);
  output.data("c");
  await output.flush();
  const bytes = Buffer.concat(chunks);
  expect(bytes.toString("latin1")).toBe(`a [redacted]\nb ${SECRET}\n\u00ff\u0000\u00fec`);
});

test("secret data waits until a slow reader has taken it", async () => {
  let taken: (() => void) | undefined;
  const output = outputTo(
    new Writable({
      write(_chunk, _encoding, done) {
        taken = done;
      },
    }),
  );
  let written = false;
  const writing = output.secretData("x").then((more) => {
    written = true;
    return more;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(written).toBe(false);
  taken?.();
  expect(await writing).toBe(true);
});

test.each([
  ["EPIPE", true],
  ["ENOSPC", false],
])("after %s no more secret data is taken; the output is complete: %s", async (code, complete) => {
  const failure = Object.assign(new Error(code), { code });
  const output = outputTo(new Writable({ write: (_chunk, _encoding, done) => done(failure) }));
  expect(await output.secretData("x")).toBe(false);
  expect(await output.secretData("y")).toBe(false);
  expect(await output.flush()).toBe(complete);
});
