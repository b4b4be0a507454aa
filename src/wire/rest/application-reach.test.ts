import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOpenToApplications } from './admit.ts';
import { endpoints } from './endpoints/index.ts';

const tells = 'tells only, as much as the person may read';
const acts = 'acts for the person, and changes nothing of how anybody signs in';
const signsIn = 'changes how somebody signs in';
const judges = 'changes who may what';

/**
 * Every endpoint that an access token of an application comes to, and why; and those that it would come to if they did not
 * say otherwise, since they ask for a permission or let narrow tokens in. What says nothing and asks for nothing is closed.
 */
const reach: Readonly<Record<'open' | 'closed', Readonly<Record<string, string>>>> = {
  open: {
    'get /api/info': tells,
    'get info': tells,
    'get audit.list': tells,
    'get blocks.list': tells,
    'get ldap.syncReport': tells,
    'get mails.list': `${tells}; the texts of mails, which hold links, are never told`,
    'get me': tells,
    'get providers.list': tells,
    'get permissions.listAll': tells,
    'get roles.getUsersInPublicRoles': tells,
    'get roles.getUsersInRole': tells,
    'get roles.list': tells,
    'get roles.sync': tells,
    'get settings': tells,
    'get settings.described': `${tells}; secrets are never told`,
    'get settings/:_id': `${tells}; secrets are never told`,
    'get statistics.overview': tells,
    'get statistics.signIns': tells,
    'get users.autocomplete': tells,
    'get users.checkUsernameAvailability': tells,
    'get users.getAvatar': tells,
    'get users.getAvatarSuggestion': tells,
    'get users.getPreferences': tells,
    'get users.getPresence': tells,
    'get users.getStatus': tells,
    'get users.getUsernameSuggestion': tells,
    'get users.info': tells,
    'get users.list': tells,
    'get users.listByStatus': tells,
    'get users.presence': tells,
    'post tokens.introspect': 'tells of a token that was shown; nothing of it changes',
    'post users.sendWelcomeEmail': `${acts}; the mail holds no link that does`,
    'post users.setPreferences': acts,
    'post users.setStatus': acts,
    'post users.update': `${acts}: the members that do are refused, see mustNotBeCredentials`,
  },
  closed: {
    'get logout': signsIn,
    'post logout': signsIn,
    'post users.logout': signsIn,
    'post sessions/logout': signsIn,
    'get sessions/info.admin': 'how people sign in, from where, as closed as the list of their own sessions',
    'get sessions/list.all': 'how people sign in, from where, as closed as the list of their own sessions',
    'get personalTokens.list.all': 'how people sign in',
    'get users.getPersonalAccessTokens': 'how people sign in',
    'get users.waysIn': 'how people sign in',
    'post personalTokens.revoke': signsIn,
    'post users.createToken': signsIn,
    'post users.generatePersonalAccessToken': signsIn,
    'post users.regeneratePersonalAccessToken': signsIn,
    'post users.removePersonalAccessToken': signsIn,
    'post users.create': signsIn,
    'post users.delete': signsIn,
    'post users.setActiveStatus': signsIn,
    'post users.deactivateIdle': signsIn,
    'post blocks.clear': `${signsIn}: how often anybody may guess`,
    'post ldap.syncNow': `${signsIn}: closes and opens accounts, and gives roles`,
    'post ldap.testConnection': 'signs the service account in to the directory: for whoever sets it up',
    'post providers.test': 'shows the secret of a provider to it: for whoever sets it up',
    'post ldap.testSearch': 'signs the service account in to the directory: for whoever sets it up',
    'post settings': signsIn,
    'post settings/:_id': signsIn,
    'post settings.addCustomOAuth': signsIn,
    'post settings.refreshOAuthServices': signsIn,
    'post settings.removeCustomOAuth': signsIn,
    'get oauth-apps.get': 'shows the secrets of applications',
    'get oauth-apps.list': 'shows the secrets of applications',
    'post oauth-apps.create': signsIn,
    'post oauth-apps.delete': signsIn,
    'post oauth-apps.update': signsIn,
    'post permissions.addRole': judges,
    'post permissions.removeRole': judges,
    'post permissions.update': judges,
    'post roles.delete': judges,
    'post roles.removeUserFromRole': judges,
    'post method.call/:method': 'methods are for sessions, and most of them manage how their owner signs in',
    'post method.callAnon/:method': 'whoever shows the token of an application is nobody there',
  },
};

describe('what access tokens of applications come to', () => {
  it('is what stands here, so that a new endpoint is not open by accident', () => {
    const are = (open: boolean): readonly string[] =>
      endpoints
        .filter((endpoint) => endpoint.auth !== 'none' && isOpenToApplications(endpoint) === open)
        .map(({ method, path }) => `${method} ${path.replace('/api/v1/', '')}`)
        .toSorted();
    assert.deepEqual(are(true), Object.keys(reach.open).toSorted());
    const closed = new Set(are(false));
    assert.deepEqual(
      Object.keys(reach.closed).filter((one) => !closed.has(one)),
      [],
    );
  });

  it('is nothing that says no word of them and asks for no permission', () => {
    const silent = endpoints.filter(
      ({ permission, scoped, applications }) => (permission ?? scoped ?? applications) === undefined,
    );
    assert.ok(silent.length > 20);
    for (const endpoint of silent) assert.equal(isOpenToApplications(endpoint), false, endpoint.path);
  });
});
