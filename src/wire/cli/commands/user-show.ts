import type { Account } from '../../../core/account/account.ts';
import type { KeptEntry } from '../../../core/audit/store.ts';
import type { Block } from '../../../core/session/block-store.ts';
import { accountDocument, namedAccount, tokenDocument, userArgument } from '../accounts.ts';
import { entryDocument, newestEntries } from '../audit.ts';
import type { Command } from '../command.ts';
import type { CliApp } from '../needs.ts';
import { isoMoment, moment, table } from '../text.ts';
import { tokenTable } from './token-list.ts';

/** So many of the last sign-ins are shown. */
const signInCount = 5;

export const userShow: Command = {
  words: 'user show',
  summary: 'Show an account with its roles, addresses, second factors, blocks, live tokens and last sign-ins.',
  about: 'Of sign-ins the last five are shown, refused ones included: countersign audit list shows more.',
  arguments: [userArgument],
  example: 'countersign user show ada@example.org',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const tokens = await app.host.tokens(account.id);
      const blocks = await blocksOf(app, account.id);
      const signIns = await newestEntries(app, { accountId: account.id, what: ['log-in'] }, signInCount);
      const addresses = account.emails.map(
        ({ address, verified }) => `${address} (${verified ? 'verified' : 'not verified'})`,
      );
      const rows = [
        ['Username', account.username ?? '-'],
        ['Id', account.id],
        ['Name', account.name ?? '-'],
        ['Kind', account.kind],
        ['State', stateOf(account)],
        ['Roles', orDash(account.roles)],
        ['E-mail', orDash(addresses)],
        ['Password', passwordState(account.hasPassword, account.passwordChange !== undefined)],
        ['Second factors', orDash(factorsOf(account))],
        ['Blocked', orDash(blocks.map(blockText))],
        ['Made', `${moment(account.createdAt)} UTC`],
        ['Last log-in', account.lastLogInAt === undefined ? 'never' : `${moment(account.lastLogInAt)} UTC`],
        ['Live tokens', String(tokens.length)],
      ];
      const parts = [
        table(rows),
        ...(tokens.length === 0 ? [] : [tokenTable(tokens)]),
        ...(signIns.length === 0 ? [] : [signInTable(signIns)]),
      ];
      return {
        document: {
          user: {
            ...accountDocument(account),
            closedBecause: account.closedBecause ?? null,
            mustChangePassword: account.passwordChange !== undefined,
            secondFactors: account.secondFactors,
          },
          blocks: blocks.map(({ subject, failures, since, until }) => ({
            kind: subject.kind,
            failures,
            since: since === undefined ? null : isoMoment(since),
            until: until === undefined ? null : isoMoment(until),
          })),
          tokens: tokens.map(tokenDocument),
          signIns: signIns.map(entryDocument),
        },
        text: parts.join('\n\n'),
      };
    });
  },
};

/** The store lists no more blocks than these. */
const everyBlock = { offset: 0, count: 10_000 };

async function blocksOf(app: CliApp, accountId: string): Promise<readonly Block[]> {
  const { blocks } = await app.host.blocks(everyBlock);
  return blocks.filter(({ subject }) => 'accountId' in subject && subject.accountId === accountId);
}

function blockText({ subject, failures, until }: Block): string {
  if (until === undefined) {
    return `after ${failures} wrong codes in a row, until it is cleared with countersign unblock`;
  }
  const where = subject.kind === 'device' ? 'on a known device ' : '';
  return `${where}until ${moment(until)} UTC, after ${failures} failures`;
}

function signInTable(signIns: readonly KeptEntry[]): string {
  const heading = ['SIGN-IN (UTC)', 'OUTCOME', 'WHY', 'DOOR', 'ADDRESS', 'CLIENT'];
  return table([
    heading,
    ...signIns.map(({ entry }) => [
      moment(entry.at),
      entry.outcome,
      typeof entry.facts['code'] === 'string' ? entry.facts['code'] : '-',
      entry.door,
      entry.address === '' ? '-' : entry.address,
      entry.userAgent === '' ? '-' : entry.userAgent.slice(0, 60),
    ]),
  ]);
}

function stateOf({ open, closedBecause }: Account): string {
  if (open) return 'enabled';
  switch (closedBecause) {
    case 'waits-for-approval':
      return 'waits for approval';
    case 'idle':
      return 'disabled, since nobody signed in for long';
    case 'directory':
      return 'disabled, as the directory has it';
    case undefined:
      return 'disabled';
  }
}

function factorsOf({ secondFactors }: Account): readonly string[] {
  const { app, email, passkey, passkeyAlone } = secondFactors;
  return [
    ...(app ? ['authenticator app'] : []),
    ...(email ? ['codes by e-mail'] : []),
    ...(passkey ? [passkeyAlone ? 'passkey, which signs in alone' : 'passkey'] : []),
  ];
}

function orDash(items: readonly string[]): string {
  return items.length === 0 ? '-' : items.join(', ');
}

function passwordState(set: boolean, changeRequired: boolean): string {
  if (!set) return 'none';
  return changeRequired ? 'set, to be changed at the next log-in' : 'set';
}
