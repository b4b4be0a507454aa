import { Fault, type FaultCode, type FaultFacts, faults } from '../../src/core/fault.ts';
import { type FaultRow, restFaults } from '../../src/wire/rest/faults.ts';
import { faultText } from '../../src/wire/shapes/fault-text.ts';
import { methodError } from '../../src/wire/shapes/method-call.ts';
import { blocks, code, type Page, plain, sorted, table } from './markdown.ts';

/** Stand-ins for what a refusal tells of its own case. */
const sample: FaultFacts = {
  username: '<username>',
  email: '<address>',
  field: '<field>',
  problem: 'required',
  id: '<id>',
  retryAfterMs: 30_000,
};

const allCodes = Object.keys(faults) as readonly FaultCode[];

/** Every refusal, with the texts of both wires. */
export function faultsPage(): Page {
  return {
    file: 'faults.md',
    title: 'Refusals',
    about: 'every way the server refuses, with what clients of both wires read',
    body: blocks(
      'Every refusal has a code, which stands in the log and in the JSON of the command line, and a sentence for the operator. What a client reads is Rocket.Chat’s. Where a refusal tells of its own case, `<…>` or a number stands for it. Some endpoints refuse in words of their own: see [endpoints](endpoints.md).',
      table(
        ['Code', 'Meaning', 'REST', 'Realtime'],
        sorted(allCodes, (one) => one).map((one) => [
          code(one),
          plain(faults[one]),
          restAnswer(restFaults[one], one),
          code(methodError(faultText(new Fault(one, sample))).message),
        ]),
      ),
    ),
  };
}

/** `400 the text (type), header`. */
export function restAnswer(row: FaultRow, fault: FaultCode): string {
  const { status, body, headers } = row(new Fault(fault, sample));
  const { error, message, errorType } = body;
  const told = [error, message].find((text) => typeof text === 'string');
  const shown = typeof told === 'string' ? code(told) : '';
  const type = typeof errorType === 'string' && !shown.includes(`[${errorType}]`) ? `(${code(errorType)})` : '';
  const waits = headers?.['retry-after'] === undefined ? '' : 'with `Retry-After`';
  return [String(status), shown, type, waits].filter((part) => part !== '').join(' ');
}

/** Where some codes are refused in other words than usual: one line for all that are told alike. */
export function ownRefusals(own: Partial<Record<FaultCode, FaultRow>>): readonly (readonly [string, string])[] {
  const byAnswer = new Map<string, FaultCode[]>();
  for (const one of sorted(allCodes, (fault) => fault)) {
    const row = own[one];
    if (row === undefined) continue;
    const answer = restAnswer(row, one);
    if (answer === restAnswer(restFaults[one], one)) continue;
    byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), one]);
  }
  return [...byAnswer].map(([answer, alike]) => [alike.map(code).join(', '), answer]);
}
