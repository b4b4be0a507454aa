import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { Explained } from '../explain.ts';
import { FieldMistake } from '../explain.ts';
import { shared } from '../words/shared.ts';
import { Callout } from './callout.tsx';
import { type Act, useAct } from './use-act.ts';

const Mistake = createContext<Explained | undefined>(undefined);

/** What is wrong with the field of this name, by the form around it. */
export function useMistake(name: string): string | undefined {
  const mistake = useContext(Mistake);
  return mistake?.field === name ? mistake.text : undefined;
}

interface Props {
  /** Does what the form is for with the text of each field; what it throws is explained, and nothing typed is lost. */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** What the form is for, where no heading says so. */
  readonly label?: string;
  /** Gets what runs it, so that buttons can show it; each form has one of its own unless it is given. */
  readonly act?: Act;
  readonly children: ComponentChildren | ((act: Act) => ComponentChildren);
}

/**
 * A form. A refusal that is about a field marks it and moves there; any other stands above the fields and is read out.
 * Fields that are `required` are looked at here, so that the words are ours and in the person's language.
 */
export function Form({ onSubmit, label, act: given, children }: Props) {
  const own = useAct();
  const act = given ?? own;
  const form = useRef<HTMLFormElement>(null);
  const { mistake } = act;
  useEffect(() => {
    if (mistake === undefined) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true]');
    (wrong ?? form.current?.querySelector<HTMLElement>('[role=alert]'))?.focus();
  }, [mistake]);
  return (
    <form
      ref={form}
      aria-label={label}
      noValidate
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        const values = valuesOf(event.currentTarget);
        const elements = [...event.currentTarget.elements] as readonly Element[] as readonly HTMLInputElement[];
        void act.run(async () => {
          const empty = elements.find(({ required, value, name }) => required && name !== '' && value.trim() === '');
          if (empty !== undefined) throw new FieldMistake(empty.name, shared.say('required'));
          await onSubmit(values);
        });
      }}
    >
      <Mistake.Provider value={mistake}>
        {mistake === undefined || (mistake.field ?? '') !== '' ? null : <Callout kind="danger">{mistake.text}</Callout>}
        {typeof children === 'function' ? children(act) : children}
      </Mistake.Provider>
    </form>
  );
}

/** The text of each field; a box that is not ticked is the empty text. */
function valuesOf(form: HTMLFormElement): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const element of form.elements) {
    const { name, type, value, checked } = element as HTMLInputElement;
    if (name === '') continue;
    if (type === 'checkbox') values[name] = checked ? 'on' : '';
    else if (type !== 'radio' || checked) values[name] = value;
  }
  return values;
}
