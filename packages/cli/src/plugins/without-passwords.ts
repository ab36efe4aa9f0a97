/**
 * A text, and every address in it without the user name and password it was given with: `https://me:secret@host/x`
 * becomes `https://host/x`. What stands between `//` and the last `@` before the next `/` or white space is taken out.
 */
export function withoutPasswords(text: string): string {
  return text.replace(/(\/\/)[^/\s]*@/g, "$1");
}
