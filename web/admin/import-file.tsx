import { useEffect, useRef, useState } from 'preact/hooks';
import { ClientError } from '../../src/client/index.ts';
import { FieldMistake } from '../explain.ts';
import { bytesText } from '../language.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { FileField } from '../parts/file-field.tsx';
import { Form } from '../parts/form.tsx';
import { Panel } from '../parts/panel.tsx';
import { Progress } from '../parts/progress.tsx';
import { type Sent, sendFile } from '../upload.ts';
import { imports as words } from '../words/import.ts';

const command = 'mongodump --uri="$MONGO_URL" --gzip --archive=dump.archive.gz';

/** Takes a file of this computer to the server. @param isFirst whether none lies there yet */
export function ImportFile({ isFirst, onSent }: { readonly isFirst: boolean; readonly onSent: () => void }) {
  const [file, setFile] = useState<File | undefined>(undefined);
  const [sent, setSent] = useState<Sent | undefined>(undefined);
  const giveUp = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => giveUp.current?.abort(), []);
  // Whoever leaves while it goes is asked by the browser.
  useEffect(() => {
    if (sent === undefined) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [sent === undefined]);
  return (
    <Panel
      title={words.say(isFirst ? 'file' : 'otherFile')}
      about={words.say(isFirst ? 'fileAbout' : 'otherFileAbout')}
    >
      {isFirst ? (
        <>
          <p>{words.say('howTo')}</p>
          <Copyable text={command} label={words.say('command')} />
          <p class="quiet">{words.say('keepSafe')}</p>
        </>
      ) : null}
      <Form
        label={words.say('file')}
        onSubmit={async () => {
          if (file === undefined) throw new FieldMistake('file', words.say('noFile'));
          if (file.size === 0) throw new FieldMistake('file', words.say('emptyFile'));
          const controller = new AbortController();
          giveUp.current = controller;
          setSent({ bytes: 0, of: file.size });
          try {
            const answer = await sendFile(
              `imports.upload?name=${encodeURIComponent(file.name)}`,
              file,
              controller.signal,
              setSent,
            );
            if (answer === undefined) return;
            announce(words.say('sent', { name: file.name }));
            setFile(undefined);
            onSent();
          } catch (cause) {
            throw inWords(cause);
          } finally {
            setSent(undefined);
          }
        }}
      >
        {(act) =>
          sent === undefined ? (
            <>
              <FileField label={words.say('choose')} name="file" hint={words.say('chooseHint')} onFile={setFile} />
              <div class="buttons">
                <Button type="submit" kind={isFirst ? 'primary' : 'secondary'} busy={act.isBusy} icon="cloud-arrow-up">
                  {words.say('send')}
                </Button>
              </div>
            </>
          ) : (
            <>
              <Progress label={words.say('sending', { name: file?.name ?? '' })} done={sent.bytes} of={sent.of}>
                {words.say('sentSoFar', { done: bytesText(sent.bytes), of: bytesText(sent.of) })}
              </Progress>
              <div class="buttons">
                <Button autoFocus onClick={() => giveUp.current?.abort()}>
                  {words.say('stopSending')}
                </Button>
              </div>
            </>
          )
        }
      </Form>
    </Panel>
  );
}

function inWords(cause: unknown): unknown {
  if (!(cause instanceof ClientError)) return cause;
  if (cause.code === 'error-file-too-large') return new FieldMistake('file', words.say('tooLarge'));
  if (cause.code === 'error-import-running') return new FieldMistake('file', words.say('otherRuns'));
  return cause;
}
