import { expect, test } from "vitest";
import { skewOf } from "../../src/http/clock.js";
import { fetching } from "./fetching.js";
import { serve } from "./servers.js";

const NOW = new Date("2026-05-04T12:00:00.250Z");
const dated = (date: string): Headers => new Headers({ date });

test("a clock within the header's second is in step", () => {
  expect(skewOf(dated("Mon, 04 May 2026 12:00:00 GMT"), NOW)).toBe(0);
  expect(skewOf(dated("Mon, 04 May 2026 11:59:59 GMT"), NOW)).toBe(0);
});

test("a clock that is ahead or behind is so by milliseconds, to half a second", () => {
  expect(skewOf(dated("Mon, 04 May 2026 12:10:00 GMT"), NOW)).toBe(600_250);
  expect(skewOf(dated("Mon, 04 May 2026 11:50:00 GMT"), NOW)).toBe(-599_750);
});

test("without a time nothing is known", () => {
  expect(skewOf(new Headers(), NOW)).toBeUndefined();
  expect(skewOf(dated("soon"), NOW)).toBeUndefined();
});

test("each answer that tells its time is reported, whatever its status", async () => {
  const url = await serve((request, response) => {
    if (request.url === "/none") response.sendDate = false;
    else response.setHeader("date", "Mon, 04 May 2026 12:01:00 GMT");
    response.writeHead(request.url === "/503" ? 503 : 200).end();
  });
  const skews: number[] = [];
  const { fetch } = fetching({ now: () => NOW, onClock: (skew) => skews.push(skew) });
  await fetch(url);
  await fetch(`${url}/none`);
  await fetch(`${url}/503`);
  expect(skews).toEqual([60_250, 60_250]);
});
