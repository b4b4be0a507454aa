import { useEffect, useRef, useState } from 'preact/hooks';
import { dayText } from '../language.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Progress } from '../parts/progress.tsx';
import { saveFile } from '../parts/save-file.ts';
import { useAct } from '../parts/use-act.ts';
import { audit as words } from '../words/audit.ts';
import { shared } from '../words/shared.ts';
import type { AuditFilter } from './audit-filter.ts';
import { type Exported, exportEntries } from './audit-lines.ts';

/** Saves everything that the filter lets through as a file, a JSON object a line. */
export function AuditExport({ filter }: { readonly filter: AuditFilter }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button small icon="cloud-arrow-down" onClick={() => setOpen(true)}>
        {words.say('export')}
      </Button>
      {isOpen ? <ExportDialog filter={filter} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function ExportDialog({ filter, onClose }: { readonly filter: AuditFilter; readonly onClose: () => void }) {
  const [told, setTold] = useState<Exported>({ lines: [], count: 0, reached: undefined, waitsSeconds: 0 });
  const stop = useRef(new AbortController());
  const { run, isBusy, mistake } = useAct();
  const [isStopped, setStopped] = useState(false);
  const save = (lines: readonly string[]): void => {
    saveFile(`audit-${new Date().toISOString().slice(0, 10)}.jsonl`, lines, 'application/jsonl');
  };
  const begin = async (): Promise<void> => {
    await run(async () => {
      const { signal } = stop.current;
      const { lines, count } = await exportEntries(filter, signal, setTold);
      if (signal.aborted) {
        setStopped(true);
        return;
      }
      save(lines);
      announce(words.say('exported', { count }));
      onClose();
    });
  };
  useEffect(() => {
    void begin();
    return () => stop.current.abort();
  }, []);
  return (
    <Dialog title={words.say('export')} onClose={onClose}>
      {mistake === undefined ? null : (
        <Callout kind="danger" title={words.say('exportBroken')}>
          <p>{mistake.text}</p>
        </Callout>
      )}
      {isBusy ? (
        <Progress label={words.say('export')}>{words.say('exportSoFar', { count: told.count })}</Progress>
      ) : (
        <p>{words.say('exportSoFar', { count: told.count })}</p>
      )}
      <p class="quiet" role="status">
        {told.waitsSeconds > 0
          ? words.say('exportWaits', { count: told.waitsSeconds })
          : told.reached === undefined
            ? ''
            : words.say('exportReached', { day: dayText(told.reached) })}
      </p>
      <div class="buttons buttons--end">
        {isBusy ? (
          <Button autoFocus onClick={() => stop.current.abort()}>
            {words.say('exportStop')}
          </Button>
        ) : null}
        {!isBusy && (isStopped || mistake !== undefined) ? (
          <>
            <Button onClick={onClose}>{shared.say('close')}</Button>
            <Button
              kind="primary"
              disabled={told.count === 0}
              onClick={() => {
                save(told.lines);
                onClose();
              }}
            >
              {words.say('exportSave')}
            </Button>
          </>
        ) : null}
      </div>
    </Dialog>
  );
}
