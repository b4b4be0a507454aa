// The process that makes the load. It does one job at a time, as `Load` asks it over its channel.
import type { Job, Jobs } from './jobs.ts';
import { sendRequests } from './requests.ts';
import { hold, record, release, signInRepeatedly } from './sign-ins.ts';

async function run(job: Job): Promise<Jobs[keyof Jobs]['result']> {
  switch (job.kind) {
    case 'requests':
      return await sendRequests(job);
    case 'sign-ins':
      return await signInRepeatedly(job);
    case 'hold':
      return await hold(job);
    case 'release':
      return release();
    case 'record':
      return await record(job);
  }
}

process.on('message', (job: Job) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (cause: unknown) => process.send?.({ failed: cause instanceof Error ? cause.stack : String(cause) }),
  );
});
process.on('disconnect', () => {
  process.exit(0);
});
