import { accountEditSuite } from '../core/account/edit.suite.ts';
import { accountStoreSuite } from '../core/account/store.suite.ts';
import { changeStoreSuite } from '../core/administration/change-store.suite.ts';
import { figureStoreSuite } from '../core/administration/figure-store.suite.ts';
import { moveStoreSuite } from '../core/administration/move-store.suite.ts';
import { grantStoreSuite } from '../core/application/grants.suite.ts';
import { openIdRecordsSuite } from '../core/application/openid-records.suite.ts';
import { signingKeysSuite } from '../core/application/signing-keys.suite.ts';
import { applicationStoreSuite } from '../core/application/store.suite.ts';
import { auditStoreSuite } from '../core/audit/store.suite.ts';
import { callCountsSuite } from '../core/call-counts.suite.ts';
import { syncStoreSuite } from '../core/directory/sync-store.suite.ts';
import { identityStoreSuite } from '../core/external-login/identity-store.suite.ts';
import { outboxStoreSuite } from '../core/outbox.suite.ts';
import { passwordStoreSuite } from '../core/password/store.suite.ts';
import { challengeStoreSuite } from '../core/second-factor/challenge-store.suite.ts';
import { passkeyStoreSuite } from '../core/second-factor/passkey-store.suite.ts';
import { factorStoreSuite } from '../core/second-factor/store.suite.ts';
import { blockStoreSuite } from '../core/session/block-store.suite.ts';
import { pageSessionStoreSuite } from '../core/session/page-session-store.suite.ts';
import { tokenStoreSuite } from '../core/session/store.suite.ts';
import { settingStoreSuite } from '../core/setting/store.suite.ts';

/** What every backend must keep to: one list, so that no backend is spared a suite. */
export const storeSuites = [
  accountStoreSuite,
  accountEditSuite,
  settingStoreSuite,
  passwordStoreSuite,
  changeStoreSuite,
  factorStoreSuite,
  challengeStoreSuite,
  passkeyStoreSuite,
  tokenStoreSuite,
  identityStoreSuite,
  pageSessionStoreSuite,
  applicationStoreSuite,
  grantStoreSuite,
  openIdRecordsSuite,
  signingKeysSuite,
  blockStoreSuite,
  callCountsSuite,
  auditStoreSuite,
  outboxStoreSuite,
  moveStoreSuite,
  figureStoreSuite,
  syncStoreSuite,
] as const;
