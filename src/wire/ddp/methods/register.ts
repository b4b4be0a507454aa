import { Fault, type FaultCode } from '../../../core/fault.ts';
import { nothing, openMethod, userMethod } from '../method.ts';
import { fieldOf, fieldsOf, maybeTextOf, textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';

/** Longer ones are nobody's. */
const longestPassword = 4096;

/** What the framework says of names that are in use, and what stands in place of codes that have none here. */
const texts: Partial<Record<FaultCode, { readonly error: string | number; readonly reason: string }>> = {
  'username-taken': { error: 403, reason: 'Username already exists.' },
  'email-taken': { error: 403, reason: 'Email already exists.' },
};

/** Makes an account for whoever asks; signs nobody in (realtime.md §14.1). */
export const registerUser = openMethod({
  name: 'registerUser',
  params([given]) {
    const fields = fieldsOf(given);
    const customFields = fieldOf(fields, 'customFields');
    const password = textOf(fieldOf(fields, 'pass'));
    if (password.length > longestPassword) throw new Fault('malformed');
    return {
      email: textOf(fieldOf(fields, 'email')),
      password,
      name: maybeTextOf(fieldOf(fields, 'name')),
      username: maybeTextOf(fieldOf(fields, 'username')),
      secret: maybeTextOf(fieldOf(fields, 'secretURL')),
      reason: maybeTextOf(fieldOf(fields, 'reason')),
      customFields: customFields === undefined || customFields === null ? {} : fieldsOf(customFields),
    };
  },
  async run(app, { signed, caller }, asked) {
    if (signed !== undefined) throw new Refusal({ error: 'error-not-allowed', reason: 'Not allowed' });
    try {
      return (await app.registration.register(asked, caller)).id;
    } catch (cause) {
      const told = cause instanceof Fault ? texts[cause.code] : undefined;
      throw told === undefined ? cause : new Refusal(told);
    }
  },
});

/** Whether a secret lets its bearer register. */
export const checkRegistrationSecret = openMethod({
  name: 'checkRegistrationSecretURL',
  ignoresCaller: true,
  params: ([secret]) => textOf(secret),
  run: async (app, _call, secret) => await Promise.resolve(app.registration.opensWith(secret).held),
});

/** A username that is free and looks like the caller. */
export const usernameSuggestion = userMethod({
  name: 'getUsernameSuggestion',
  params: nothing,
  run: async (app, { signed }) => await app.registration.suggestUsername(signed),
});

export const usernameAvailability = userMethod({
  name: 'checkUsernameAvailability',
  params: ([username]) => textOf(username),
  run: async (app, { signed }, username) => (await app.registration.usernameIsFree(signed, username)).held,
});

/** Chooses a first username, or another one where that is allowed. What stands behind the name is ignored. */
export const setUsername = userMethod({
  name: 'setUsername',
  params: ([username]) => textOf(username),
  async run(app, { signed, caller }, username) {
    await app.registration.chooseUsername(signed, username, caller);
    return username;
  },
});
