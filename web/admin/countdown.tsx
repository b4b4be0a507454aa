import { useEffect, useRef, useState } from 'preact/hooks';
import { momentText, numberText } from '../language.ts';
import { blocks as words } from '../words/blocks.ts';

/** How long something goes on, second by second: minutes and seconds, and hours where it takes them. */
export function Countdown({ until, onEnd }: { readonly until: string; readonly onEnd: () => void }) {
  const left = Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000));
  const [, setTicks] = useState(0);
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    if (left === 0) return undefined;
    const timer = setInterval(() => setTicks((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, [left === 0]);
  useEffect(() => {
    if (left === 0) end.current();
  }, [left === 0]);
  const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return (
    <time class="countdown" dateTime={until} title={momentText(until)}>
      {left === 0
        ? words.say('over')
        : shown.map((part) => (part < 10 ? `${numberText(0)}${numberText(part)}` : numberText(part))).join(':')}
    </time>
  );
}
