import { Tag } from '../parts/tag.tsx';
import { audit as words } from '../words/audit.ts';

/** What came of what an entry tells. */
export function Outcome({ outcome }: { readonly outcome: string }) {
  const isRefused = outcome === 'refused';
  return <Tag kind={isRefused ? 'danger' : 'secondary'}>{words.say(isRefused ? 'refused' : 'done')}</Tag>;
}
