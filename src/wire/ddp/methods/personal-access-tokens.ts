import { Fault } from '../../../core/fault.ts';
import { futureOf } from '../../shapes/future.ts';
import { userMethod } from '../method.ts';
import { fieldOf, fieldsOf, textOf } from '../params.ts';

const twoFactor = { remember: true, always: false };

function nameOf([asked]: readonly unknown[]): string {
  return textOf(fieldOf(fieldsOf(asked), 'tokenName'));
}

/** A date, or its text. */
function endOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Date) return value.getTime();
  return futureOf(textOf(value));
}

function maybeTextsOf(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new Fault('malformed');
  return value.map(textOf);
}

/** Makes a personal token; its text is the result, shown this once (realtime.md §14.5). */
export const generatePersonalToken = userMethod({
  name: 'personalAccessTokens:generateToken',
  twoFactor,
  params(given) {
    const fields = fieldsOf(given[0]);
    const skips = fieldOf(fields, 'bypassTwoFactor');
    if (skips !== undefined && typeof skips !== 'boolean') throw new Fault('malformed');
    return {
      name: nameOf(given),
      skipsSecondFactor: skips === true,
      endsAt: endOf(fieldOf(fields, 'expiresAt')),
      scopes: maybeTextsOf(fieldOf(fields, 'scopes')),
      addresses: maybeTextsOf(fieldOf(fields, 'addresses')),
    };
  },
  run: async (app, call, asked) => await app.personalToken.make(call.signed, asked, call.caller),
});

/** Puts a new text under an existing name; the old one is dead at once. */
export const regeneratePersonalToken = userMethod({
  name: 'personalAccessTokens:regenerateToken',
  twoFactor,
  params: nameOf,
  run: async (app, call, name) => await app.personalToken.renew(call.signed, name, call.caller),
});

/** Ends a personal token, and the connections that use it. */
export const removePersonalToken = userMethod({
  name: 'personalAccessTokens:removeToken',
  twoFactor,
  params: nameOf,
  async run(app, call, name) {
    await app.personalToken.remove(call.signed, name, call.caller);
  },
});
