import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';

/** Leads through a list page by page. The small chevrons of the icon font point the wrong way. */
export function Pager({
  offset,
  count,
  total,
  onGo,
}: {
  readonly offset: number;
  /** How many a page holds. */
  readonly count: number;
  readonly total: number;
  readonly onGo: (offset: number) => void;
}) {
  if (total === 0) return null;
  const isFirst = offset === 0;
  const isLast = offset + count >= total;
  return (
    <nav
      class="pager"
      aria-label={shared.say('pageOf', { from: offset + 1, to: Math.min(offset + count, total), total })}
    >
      <span>{shared.say('pageOf', { from: offset + 1, to: Math.min(offset + count, total), total })}</span>
      {isFirst && isLast ? null : (
        <>
          <Button small icon="chevron-left-big" disabled={isFirst} onClick={() => onGo(Math.max(0, offset - count))}>
            {shared.say('previous')}
          </Button>
          <Button small icon="chevron-right-big" disabled={isLast} onClick={() => onGo(offset + count)}>
            {shared.say('next')}
          </Button>
        </>
      )}
    </nav>
  );
}
