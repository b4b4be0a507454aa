import { endpoint } from '../endpoint.ts';
import { failure } from '../refusal.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/ldap.syncNow',
  summary: 'Begins to bring accounts in step with the directory; ldap.syncReport tells how it went.',
  auth: 'token',
  permission: { all: ['sync-auth-services-users'] },
  twoFactor: { remember: true, always: false },
  answer: object({ message: text() }),
  run(app, { signed, caller }) {
    if (!app.settings.get('LDAP_Enable')) throw failure('LDAP_disabled');
    app.directory.syncNow(signed, caller);
    return { message: 'Sync_in_progress' };
  },
});
