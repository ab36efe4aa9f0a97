/** The resolution of a `Date` header (RFC 9110 section 5.6.7), in milliseconds. */
const RESOLUTION = 1_000;

/**
 * How far the sender's clock is ahead of this machine's, by the `Date` header of its answer, in milliseconds.
 * Less than the header's resolution counts as no difference.
 *
 * @param now - This machine's time when the headers arrived.
 * @returns `undefined` without a header that is a time.
 */
export function skewOf(headers: Headers, now: Date): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return undefined;
  // The header's second has begun: on average half of it is over.
  const skew = date + RESOLUTION / 2 - now.getTime();
  return Math.abs(skew) < RESOLUTION ? 0 : skew;
}
