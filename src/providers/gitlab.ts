import { type Asking, askFields, refusal } from './ask.ts';
import { addressOf, builtInShape } from './built-in-shape.ts';
import { isFields, textIn } from './fields.ts';
import type { ProviderKind } from './kind.ts';
import { shapedProvider } from './shaped-provider.ts';

const publicServer = 'https://gitlab.com';
const asking: Asking = { label: 'GitLab', step: 'identity' };

/**
 * GitLab (providers.md §2.3): gitlab.com or one's own. An address is the person's own where GitLab has confirmed it, and
 * a token that a client brings is looked up at GitLab, which says to which application it was given.
 */
export const gitlab: ProviderKind = (parts) => {
  const { settings, outbound } = parts;
  const set = settings.get('API_Gitlab_URL').trim().replace(/\/+$/u, '');
  const base = set === '' ? publicServer : set;
  const shape = builtInShape(settings, 'Gitlab', {
    label: 'GitLab',
    scope: 'read_user',
    base,
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    identity: settings.get('Accounts_OAuth_Gitlab_identity_path'),
  });
  if (shape === undefined) return undefined;
  const merges = settings.get('Accounts_OAuth_Gitlab_merge_users') && base !== publicServer;
  return shapedProvider(parts, {
    ...shape,
    tokenInQuery: undefined,
    fields: { ...shape.fields, username: merges ? 'username' : '' },
    asserts: (identity, address) => ({
      held: textIn(identity, 'confirmed_at') !== undefined && textIn(identity, 'email') === address,
    }),
    joins: { byEmail: true, byUsername: merges },
    takesTokens: async (accessToken) => {
      const headers = { Authorization: `Bearer ${accessToken}` };
      const url = addressOf(base, '/oauth/token/info');
      const { application } = await askFields(outbound, { url, headers, chosenBy: 'operator' }, asking);
      if (!isFields(application) || textIn(application, 'uid') !== shape.clientId) {
        throw refusal(asking, 'The token was given to somebody else.');
      }
    },
  });
};
