/** Why a store cannot be opened. */
export type StoreFaultCode =
  | 'folder-unwritable'
  | 'file-unusable'
  | 'not-a-database'
  | 'foreign-database'
  | 'locked'
  | 'newer-schema'
  | 'unreachable';

/** The store cannot be opened: the message is one sentence for the operator and says what to do. */
export class StoreFault extends Error {
  readonly code: StoreFaultCode;

  constructor(code: StoreFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreFault';
    this.code = code;
  }
}
