import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Metrics } from './metrics.ts';

it('figures are told in the text format of Prometheus', () => {
  const metrics = new Metrics();
  const logIns = metrics.counter('log_ins_total', 'Sign-ins.');
  logIns.add({ door: 'rest', outcome: 'done' });
  logIns.add({ door: 'rest', outcome: 'done' }, 2);
  logIns.add({ door: 'a"b\\c\nd' });
  metrics.gauge('sockets', 'Open sockets.', () => 7);
  metrics.counterRead('checks_total', 'Checks.', () => [{ labels: { outcome: 'held' }, value: 4 }]);
  const answers = metrics.histogram('answer_seconds', 'Answers.', [0.1, 1]);
  answers.observe(0.05, { route: '/x' });
  answers.observe(0.5, { route: '/x' });
  assert.equal(
    metrics.text(),
    `# HELP log_ins_total Sign-ins.
# TYPE log_ins_total counter
log_ins_total{door="rest",outcome="done"} 3
log_ins_total{door="a\\"b\\\\c\\nd"} 1
# HELP sockets Open sockets.
# TYPE sockets gauge
sockets 7
# HELP checks_total Checks.
# TYPE checks_total counter
checks_total{outcome="held"} 4
# HELP answer_seconds Answers.
# TYPE answer_seconds histogram
answer_seconds_bucket{route="/x",le="0.1"} 1
answer_seconds_bucket{route="/x",le="1"} 2
answer_seconds_bucket{route="/x",le="+Inf"} 2
answer_seconds_sum{route="/x"} 0.55
answer_seconds_count{route="/x"} 2
`,
  );
});
