import { providerSuite } from './provider.suite.ts';
import {
  openAppleStub,
  openFacebookStub,
  openGithubStub,
  openGoogleStub,
  openLinkedinStub,
  openMeteorStub,
} from './provider-stubs.ts';
import { openTwitterStub } from './twitter-stub.ts';

const email = 'ada@example.org';
const emails = [{ address: email, asserted: true }];
const name = 'Ada Lovelace';

providerSuite('github', {
  open: openGithubStub,
  expected: { subject: '4711', name, emails, username: undefined, facts: { name, email, username: 'ada' } },
  steps: ['token', 'identity'],
});
providerSuite('google', {
  open: openGoogleStub,
  expected: { subject: '4711', name, emails, username: undefined, facts: { name, email } },
  steps: ['token', 'identity', 'keys'],
});
providerSuite('apple', {
  open: openAppleStub,
  expected: { subject: '4711', name, emails, username: undefined, facts: { name, email } },
  steps: ['token', 'keys'],
});
providerSuite('facebook', {
  open: openFacebookStub,
  expected: { subject: '4711', name, emails, username: undefined, facts: { name, email } },
  steps: ['token', 'identity'],
  assertsAddresses: false,
});
providerSuite('twitter', {
  open: openTwitterStub,
  expected: { subject: '4711', name, emails, username: undefined, facts: { name, email, username: 'ada' } },
  steps: ['token', 'identity'],
  assertsAddresses: false,
});
providerSuite('linkedin', {
  open: openLinkedinStub,
  expected: { subject: '4711', name, emails, username: undefined, facts: { name, email } },
  steps: ['token', 'identity'],
});
providerSuite('meteor-developer', {
  open: openMeteorStub,
  expected: { subject: '4711', name: 'ada', emails, username: undefined, facts: { email, username: 'ada' } },
  steps: ['token', 'identity'],
});
