import { useEffect, useState } from 'preact/hooks';

let tell: ((text: string) => void) | undefined;

/** Says shortly that something is done: it is seen for some seconds, and read out. */
export function announce(text: string): void {
  tell?.(text);
}

/** Where announcements appear; once on each page. */
export function Announcements() {
  const [text, setText] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    tell = (next) => {
      clearTimeout(timer);
      setText(next);
      timer = setTimeout(() => setText(''), 6_000);
    };
    return () => {
      clearTimeout(timer);
      tell = undefined;
    };
  }, []);
  return (
    <div class="announcements" role="status" aria-live="polite">
      {text === '' ? null : <p class="announcement">{text}</p>}
    </div>
  );
}
