import { shared } from '../words/shared.ts';
import { announce } from './announce.tsx';
import { Button } from './button.tsx';

/** Copies a text, which is shown beside it as well: not every browser lets pages copy. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  return (
    <Button
      small
      icon="copy"
      onClick={() => {
        navigator.clipboard?.writeText(text).then(
          () => announce(shared.say('copied')),
          () => undefined,
        );
      }}
    >
      {label ?? shared.say('copy')}
    </Button>
  );
}

/** A text to be taken along exactly as it is: a token, an address, a command. */
export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div class="copyable">
      <code class="copyable__text" aria-label={label} tabIndex={0} role="group" dir="ltr">
        {text}
      </code>
      <CopyButton text={text} />
    </div>
  );
}

/** The same below its name. */
export function Labelled({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div class="labelled">
      <p class="fixed__label">{name}</p>
      <Copyable label={name} text={text} />
    </div>
  );
}
