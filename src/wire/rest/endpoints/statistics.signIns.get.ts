import { bucketsOf } from '../../../core/audit/tally-sign-ins.ts';
import { momentAsked } from '../audit-shape.ts';
import { endpoint } from '../endpoint.ts';
import { coded } from '../refusal.ts';
import { free, list, moment, object, oneOf, optional, text, whole } from '../schema.ts';

const hourMs = 3_600_000;
const steps = { hour: hourMs, day: 24 * hourMs };
/** So much is shown to whoever says nothing. */
const usualMs = { hour: 24 * hourMs, day: 30 * 24 * hourMs };
/** A month of hours. */
const mostBuckets = 24 * 31;

export default endpoint({
  method: 'get',
  path: '/api/v1/statistics.signIns',
  summary: 'Counts sign-ins and refused ones by the hour or the day.',
  auth: 'token',
  permission: { all: ['view-statistics'] },
  query: object({
    since: optional(
      text({
        description:
          'Where the first bucket begins: ISO 8601, a day or with a time and its zone. Left out: a day ago, or thirty days where the step is a day.',
      }),
    ),
    until: optional(text({ description: 'Where the last one ends; left out: now.' })),
    step: optional(oneOf('hour', 'day')),
  }),
  answer: object({
    buckets: list(
      object({
        from: moment(),
        done: whole(),
        refused: whole(),
        byCode: free({ description: 'The refused ones by why, where the audit trail tells that of each.' }),
      }),
    ),
    step: oneOf('hour', 'day'),
  }),
  async run(app, { signed, query: { step = 'hour', ...query } }) {
    const until = momentAsked('until', query.until) ?? app.clock.now();
    const since = momentAsked('since', query.since) ?? until - usualMs[step];
    const span = { since, until, stepMs: steps[step] };
    if (since >= until) throw coded('error-invalid-params', 'The "since" query parameter must lie before "until".');
    if (bucketsOf(span) > mostBuckets) {
      throw coded('error-invalid-params', `No more than ${mostBuckets} buckets are counted at once.`);
    }
    const buckets = await app.figure.signIns(signed, span);
    return {
      buckets: buckets.map(({ from, done, refused, byCode }) => ({
        from: new Date(from).toISOString(),
        done,
        refused,
        byCode: Object.fromEntries(byCode),
      })),
      step,
    };
  },
});
