/** Whether it can be an e-mail address at all: the server looks closer. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/u.test(text);
}

/** An address within a sentence, whichever way that is written. */
export function withinText(text: string): string {
  return `\u2068${text}\u2069`;
}
