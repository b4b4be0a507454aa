import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oauth1Base, oauth1Header, oauth1Signature } from './oauth1.ts';

const consumer = { key: 'dpf43f3p2l4k3l03', secret: 'kd94hf93k423kf44' };

describe('OAuth 1.0', () => {
  it('signs as the example of RFC 5849 §1.2 does', () => {
    const first = {
      method: 'POST',
      url: 'https://photos.example.net/initiate',
      consumer,
      params: { oauth_callback: 'http://printer.example.com/ready' },
      timestamp: 137_131_200,
      nonce: 'wIjqoS',
    } as const;
    assert.match(oauth1Header(first), /oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"/u);
    const second = {
      method: 'POST',
      url: 'https://photos.example.net/token',
      consumer,
      token: { key: 'hh5s93j4hdidpola', secret: 'hdhd0244k9j7ao03' },
      params: { oauth_verifier: 'hfdp7dh39dks9884' },
      timestamp: 137_131_201,
      nonce: 'walatlh',
    } as const;
    assert.match(oauth1Header(second), /oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D"/u);
    const third = {
      method: 'GET',
      url: 'http://photos.example.net/photos?file=vacation.jpg&size=original',
      consumer,
      token: { key: 'nnch734d00sl2jdk', secret: 'pfkkdhi9sl3r4s00' },
      timestamp: 137_131_202,
      nonce: 'chapoH',
    } as const;
    assert.match(oauth1Header(third), /oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"/u);
  });

  it('writes the text that is signed as RFC 5849 §3.4.1 does', () => {
    const protocol = {
      oauth_consumer_key: '9djdj82h48djs9d2',
      oauth_token: 'kkk9d7dh3k39sjv7',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '137131201',
      oauth_nonce: '7d8f3e4a',
    };
    // What the RFC sends as a body stands in the query here.
    assert.equal(
      oauth1Base('POST', 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2=&a3=2+q', protocol),
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
        'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
        'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  it('signs by both secrets', () => {
    const request = { method: 'GET', url: 'https://example.com/', consumer } as const;
    const signatures = [
      oauth1Signature(request, {}),
      oauth1Signature({ ...request, consumer: { ...consumer, secret: 'x' } }, {}),
      oauth1Signature({ ...request, token: { key: '', secret: 'x' } }, {}),
    ];
    assert.equal(new Set(signatures).size, 3);
  });
});
