import { Fault } from '../../../core/fault.ts';
import { listedPolicy } from '../../shapes/password-policy.ts';
import { openMethod } from '../method.ts';

/** For anybody, since whoever signs up must read it as well. Old pages show the token of a mailed link; it is not used. */
export const getPasswordPolicy = openMethod({
  name: 'getPasswordPolicy',
  passwordChange: true,
  params: ([given]) => {
    if (given === undefined || given === null) return;
    if (typeof given !== 'object') throw new Fault('malformed');
    const { token } = given as { readonly token?: unknown };
    if (token !== undefined && typeof token !== 'string') throw new Fault('malformed');
  },
  run: async (app) => await Promise.resolve(listedPolicy(app.account.passwordPolicy())),
});
