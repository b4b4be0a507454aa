import type { FaultText } from '../shapes/fault-text.ts';

/** A refusal that only this wire has words for, for example a text that Meteor sends without a code. */
export class Refusal extends Error {
  readonly text: FaultText;

  constructor(text: FaultText) {
    super(text.reason ?? String(text.error));
    this.name = 'Refusal';
    this.text = text;
  }
}

/** Subscriptions that need another caller (realtime.md §6.2). */
export const notAllowed: FaultText = { error: 'not-allowed' };
