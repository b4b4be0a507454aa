import type { NewApplication } from '../../../core/administration/bring-in-application.ts';
import type { NewPermission, NewSetting } from '../../../core/administration/bring-in-site.ts';
import type { Role } from '../../../core/setting/store.ts';
import type { Read } from './user-document.ts';
import type { Document } from './value.ts';

/** What a document is about. */
export type Kind =
  | 'account'
  | 'role'
  | 'assignment'
  | 'permission'
  | 'setting'
  | 'provider'
  | 'application'
  | 'picture';

/** How a product writes down its people, and what holds for its server. */
export interface Dialect {
  /** By the name of the collection; undefined where it says nothing. */
  readonly kindOf: (collection: string | undefined) => Kind | undefined;
  /** By what a document holds, where its collection says nothing; undefined for what is of no use. */
  readonly kindIn: (document: Document) => Kind | undefined;
  readonly account: (document: Document) => Read;
  /** Undefined where it is none; that is told by its id, like a refusal. */
  readonly role: (document: Document) => Role | undefined;
  /** Remembers who holds a role, where that stands in documents of its own; not held where there are too many. */
  readonly assign?: (document: Document) => { readonly held: boolean };
  readonly permission: (document: Document) => NewPermission | undefined;
  /** `'unchanged'` where nobody has changed it. */
  readonly setting: (document: Document) => NewSetting | 'unchanged' | undefined;
  /** The settings of a provider, where they stand in a document of their own; undefined where it is set up anew. */
  readonly provider?: (document: Document) => readonly NewSetting[] | undefined;
  /** Left out where a product's are not brought in. */
  readonly application?: (document: Document) => NewApplication | undefined;
  /** Looks at the first document of a file, which is no account then; a sentence says why the file cannot be read. */
  readonly opening?: (document: Document) => { readonly refused: string | undefined };
  /** The sentence about a file in which nothing of use is found; left out where `missing` tells. */
  readonly nothing?: string;
  /** Looks at the last document of a file; a sentence says that more should have followed. */
  readonly missing?: (last: Document) => string | undefined;
}
