import type { GetEndpoints } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { newPassword as words } from '../words/new-password.ts';

/** Something that a new password must be, in words, and what tells whether one is. */
export interface Rule {
  readonly name: string;
  readonly text: string;
  readonly isMetBy: (password: string) => boolean;
}

let asked: Promise<readonly Rule[]> | undefined;
let known: readonly Rule[] = [];

/** What is known of that so far, so that whoever has waited for it shows it at once. */
export function knownRules(): readonly Rule[] {
  return known;
}

/** What the server asks of new passwords; asked for once. @throws ClientError */
export async function passwordRules(): Promise<readonly Rule[]> {
  asked ??= client
    .get('pw.getPolicy')
    .then((answer) => {
      known = rulesOf(answer);
      return known;
    })
    .catch((cause: unknown) => {
      asked = undefined;
      throw cause;
    });
  return await asked;
}

/** As the server counts: code points of the composed form. */
function lengthOf(password: string): number {
  return Array.from(password.normalize('NFC')).length;
}

/** Each rule that can be told here by what the server calls it behind `get-password-policy-`; others it looks at itself. */
const tests: Readonly<
  Record<string, (most: number) => { readonly text: string; readonly isMetBy: (password: string) => boolean }>
> = {
  minLength: (least) => ({
    text: words.say('ruleShortest', { count: least }),
    isMetBy: (password) => lengthOf(password) >= least,
  }),
  maxLength: (most) => ({
    text: words.say('ruleLongest', { count: most }),
    isMetBy: (password) => password !== '' && lengthOf(password) <= most,
  }),
  forbidRepeatingCharactersCount: (most) => ({
    text: words.say('ruleRepeats', { count: most }),
    isMetBy: (password) => password !== '' && longestRun(password) <= most,
  }),
  mustContainAtLeastOneLowercase: () => ({
    text: words.say('ruleLowercase'),
    isMetBy: (password) => /[a-z]/u.test(password),
  }),
  mustContainAtLeastOneUppercase: () => ({
    text: words.say('ruleUppercase'),
    isMetBy: (password) => /[A-Z]/u.test(password),
  }),
  mustContainAtLeastOneNumber: () => ({
    text: words.say('ruleNumber'),
    isMetBy: (password) => /[0-9]/u.test(password),
  }),
  mustContainAtLeastOneSpecialCharacter: () => ({
    text: words.say('ruleSpecial'),
    isMetBy: (password) => /[^A-Za-z0-9 ]/u.test(password),
  }),
};

function rulesOf({ enabled, policy }: GetEndpoints['pw.getPolicy']['answer']): readonly Rule[] {
  if (!enabled) return [];
  return policy.flatMap(([rule, numbers]) => {
    const name = rule.replace('get-password-policy-', '');
    const made = tests[name]?.(numbers?.[name] ?? 0);
    return made === undefined ? [] : [{ name, ...made }];
  });
}

function longestRun(password: string): number {
  let [longest, run, last] = [0, 0, ''];
  for (const character of password) {
    run = character === last ? run + 1 : 1;
    last = character;
    longest = Math.max(longest, run);
  }
  return longest;
}
