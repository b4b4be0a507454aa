import { useId } from 'preact/hooks';
import { useMistake } from './form.tsx';

interface Props {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  /** As HTML's: endings and media types. */
  readonly accept?: string;
  readonly onFile: (file: File | undefined) => void;
}

/** A choice of one file of this computer; one can also be dropped on it. */
export function FileField({ label, name, hint, accept, onFile }: Props) {
  const id = useId();
  const mistake = useMistake(name);
  const beside = [mistake === undefined ? '' : `${id}-mistake`, hint === undefined ? '' : `${id}-hint`];
  return (
    <div class="rcx-box rcx-box--full rcx-field field">
      <label class="rcx-box rcx-box--full rcx-label rcx-field__label" for={id}>
        {label}
      </label>
      <input
        id={id}
        name={name}
        type="file"
        class="file"
        aria-describedby={beside.join(' ').trim()}
        {...(accept === undefined ? {} : { accept })}
        {...(mistake === undefined ? {} : { 'aria-invalid': true as const })}
        onChange={({ currentTarget: { files } }) => onFile(files?.[0])}
      />
      {mistake === undefined ? null : (
        <p class="rcx-box rcx-box--full rcx-field__error" id={`${id}-mistake`}>
          {mistake}
        </p>
      )}
      {hint === undefined ? null : (
        <p class="rcx-box rcx-box--full rcx-field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
