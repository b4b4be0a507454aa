import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deviceOf } from './device.ts';

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('the device of a session', () => {
  const told = {
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/113.0.0.0 Safari/537.36`]: {
      type: 'browser',
      name: 'Chrome',
      longVersion: '113.0.0.0',
      os: { name: 'Windows', version: '10' },
      version: '113.0.0',
    },
    [`Mozilla/5.0 (X11; Linux x86_64) ${webKit} Rocket.Chat/3.8.0 Chrome/102.0.5005.167 Electron/19.1.9 Safari/537.36`]:
      {
        type: 'desktop-app',
        name: 'Rocket.Chat',
        longVersion: '3.8.0',
        os: { name: 'Linux', version: '' },
        version: '3.8.0',
      },
    'RC Mobile; ios 16.1; v4.30.0 (26732)': {
      type: 'mobile-app',
      name: 'Rocket.Chat Mobile',
      longVersion: '4.30.0',
      os: { name: 'ios', version: '16.1' },
      version: '4.30.0',
    },
    'Mozilla/5.0 (iPad; CPU OS 13_3 like Mac OS X) AppleWebKit/605.1.15 Version/13.0 Mobile/15E148 Safari/604.1': {
      type: 'tablet',
      name: 'Safari',
      longVersion: '13.0',
      os: { name: 'iOS', version: '13.3' },
      version: '13.0',
    },
    'curl/8.5.0': {
      type: 'other',
      name: 'curl',
      longVersion: '8.5.0',
      os: { name: '', version: '' },
      version: '8.5.0',
    },
    '': { type: 'other', name: '', longVersion: '', os: { name: '', version: '' }, version: '' },
    '<script>alert(1)</script>/1.0': {
      type: 'other',
      name: '',
      longVersion: '',
      os: { name: '', version: '' },
      version: '',
    },
  };

  for (const [userAgent, device] of Object.entries(told)) {
    it(`is told of ${userAgent === '' ? 'a client that says nothing' : userAgent.slice(0, 60)}`, async () => {
      assert.deepEqual(await deviceOf(userAgent), device);
    });
  }

  it('is soon told, and short, whatever is sent', async () => {
    const begun = performance.now();
    for (const text of ['RC Mobile;'.repeat(5_000), 'Mozilla/5.0 ('.repeat(5_000), `Chrome/${'1'.repeat(50_000)}`]) {
      const device = await deviceOf(text);
      assert.ok(JSON.stringify(device).length < 500, JSON.stringify(device));
    }
    assert.ok(performance.now() - begun < 1_000);
  });
});
