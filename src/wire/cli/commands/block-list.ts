import type { Block } from '../../../core/session/block-store.ts';
import type { Command } from '../command.ts';
import { countGiven, countOption } from '../counting.ts';
import { counted, isoMoment, moment, table } from '../text.ts';

const usual = 100;

export const blockList: Command = {
  words: 'block list',
  summary: 'List who may not sign in for now after too many failed sign-ins or wrong codes.',
  about:
    'Blocks without an end come first, then the newest. An account that is listed with codes has had too many wrong ones in a row: it stays locked until it is cleared. Of a name that no account has, only a digest is kept: people type passwords where names belong. A blocked account can still be signed in to from where its owner has signed in before, unless that device is listed as well.',
  options: [countOption(usual)],
  example: 'countersign block list',
  async run(given, desk) {
    const count = countGiven(given, usual);
    return await desk.withApp(async (app) => {
      const { blocks, total } = await app.host.blocks({ offset: 0, count });
      const heading = ['BLOCKED', 'WHO', 'FAILURES', 'LAST (UTC)', 'UNTIL', 'CLEAR WITH'];
      const rows = blocks.map((block) => [
        block.subject.kind,
        nameOf(block),
        String(block.failures),
        block.since === undefined ? '-' : moment(block.since),
        block.until === undefined ? 'cleared' : moment(block.until),
        wordsFor(block),
      ]);
      return {
        document: { blocks: blocks.map(documentOf), total },
        ...(blocks.length === 0 ? {} : { text: table([heading, ...rows]) }),
        note: `${counted(total, 'block')}${blocks.length < total ? `, of which these are ${blocks.length}` : ''}.`,
      };
    });
  },
};

function nameOf({ subject, username }: Block): string {
  switch (subject.kind) {
    case 'account':
    case 'codes':
    case 'device':
      return username ?? subject.accountId;
    case 'address':
      return subject.address;
    case 'name':
      return 'a typed name without account';
  }
}

function wordsFor({ subject }: Block): string {
  switch (subject.kind) {
    case 'account':
    case 'codes':
      return `id:${subject.accountId}`;
    case 'device':
      return `id:${subject.accountId} --device ${subject.device}`;
    case 'address':
      return subject.address;
    case 'name':
      return `name:${subject.digest}`;
  }
}

function documentOf({ subject, username, failures, since, until }: Block) {
  return {
    ...subject,
    username: username ?? null,
    failures,
    since: since === undefined ? null : isoMoment(since),
    until: until === undefined ? null : isoMoment(until),
  };
}
