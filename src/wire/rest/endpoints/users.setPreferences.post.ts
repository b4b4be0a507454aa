import { preferenceMembers, savedPreferences, toldPreferences } from '../../shapes/preference-keys.ts';
import { endpoint } from '../endpoint.ts';
import { accountOf } from '../named-account.ts';
import { coded } from '../refusal.ts';
import { free, object, optional, text } from '../schema.ts';

const unknown = () => coded('error-invalid-user', 'The optional "userId" param provided does not match any users');

export default endpoint({
  method: 'post',
  path: '/api/v1/users.setPreferences',
  summary: 'Saves preferences; those of others with the permission edit-other-user-info.',
  auth: 'token',
  applications: true,
  body: object({
    userId: optional(text({ minLength: 1 })),
    data: free({ additionalProperties: false, properties: preferenceMembers }),
  }),
  answer: object({ user: free() }),
  async run(app, { signed, body }) {
    const isOther = body.userId !== undefined && body.userId !== signed.account.id;
    const details = { method: 'users.setPreferences', action: 'Editing_user' };
    const refused = () => coded('error-action-not-allowed', 'Editing user is not allowed', details);
    if (isOther && !app.permissions.held(signed, 'edit-other-user-info').held) throw refused();
    const account = isOther ? await accountOf(app, 'id', body.userId ?? '') : await app.account.byId(signed.account.id);
    if (account === undefined) throw unknown();
    if (isOther && app.permissions.outranks(account.roles, signed.account.roles).held) throw refused();
    const saved = savedPreferences(body.data);
    const all = await app.account.savePreferences(account.id, saved);
    if (all === undefined) throw unknown();
    const preferences = toldPreferences({ preferences: all, language: saved.language ?? account.language });
    return { user: { _id: account.id, settings: { preferences } } };
  },
});
