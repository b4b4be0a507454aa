import { Tag } from '../../parts/tag.tsx';
import { security as words } from '../../words/security.ts';

/** Says whether a factor is on. */
export function State({ isOn }: { readonly isOn: boolean }) {
  return <Tag kind={isOn ? 'primary' : 'secondary'}>{words.say(isOn ? 'on' : 'off')}</Tag>;
}
