// Runs every operation of Short.io's official SDK against a Waypost that is up, and prints which
// pass. Each request is first held against the SDK's own schema of it, each answer against the
// schema of the answer where the SDK has one; operations.mjs says what has to be true beside that.
//
//     WAYPOST_URL=http://localhost:8080 WAYPOST_KEY=wp_… node run.mjs
import assert from 'node:assert/strict';

import * as S from '@short.io/client-node';

import { BESIDE, OPERATIONS } from './operations.mjs';

// What the SDK exports beside its operations and their schemas.
const HELPERS = [
    'createRateLimitFetch',
    'createRateLimitedClient',
    'defaultSleep',
    'disableRateLimiting',
    'enableRateLimiting',
    'getRateLimitConfig',
    'setApiKey',
];

const { WAYPOST_URL: baseUrl, WAYPOST_KEY: key } = process.env;
assert(baseUrl && key, 'set WAYPOST_URL and WAYPOST_KEY');

const client = S.createRateLimitedClient({ maxRetries: 0 });
client.setConfig({ baseUrl, headers: { authorization: key } });

/** Names that no earlier run on the same database took. */
const run = Date.now().toString(36);

const schema = (name, part) => S[`z${name[0].toUpperCase()}${name.slice(1)}${part}`];

/** Calls an operation; its answer must have the status and fit the schema. */
async function call(name, { status = 200, ...options } = {}) {
    const { body, path, query } = options;
    const asked = schema(name, 'Data').safeParse({ body, path, query });
    assert(asked.success, `the SDK would not send this: ${asked.error?.message}`);
    const { data, error, response } = await S[name]({ client, ...options });
    assert.equal(response?.status, status, `${name}: ${JSON.stringify(error ?? data)}`);
    assert(response.headers.has('x-ratelimit-remaining'), `${name}: no rate-limit headers`);
    const answer = 400 <= status ? error : data;
    if (status < 300) schema(name, 'Response')?.parse(answer);
    return answer;
}

/** Our own API, for what Short.io's has no call for. */
async function native(method, path, body) {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
    });
    assert(response.ok, `${method} ${path}: ${response.status}`);
    return response.json();
}

/** Visits a short URL as somebody else than this script, and goes nowhere from there. */
async function visit(shortURL, headers = {}) {
    const url = new URL(shortURL);
    return fetch(`${baseUrl}${url.pathname}${url.search}`, {
        redirect: 'manual',
        headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', ...headers },
    });
}

const beside = BESIDE.map(([name]) => name);
const known = Object.keys(S).filter(
    (name) => typeof S[name] === 'function' && ![...HELPERS, ...beside].includes(name),
);
const listed = OPERATIONS.map(([name]) => name);
assert.deepEqual([...listed].sort(), known.sort(), 'operations.mjs lists what the SDK has');

const state = { S, client, baseUrl, key, run, call, native, visit };
let failed = 0;
for (const [name, check] of [...OPERATIONS, ...BESIDE]) {
    const strict = schema(name, 'Response') ? 'schema' : 'by hand';
    let why = '';
    try {
        await check(state);
    } catch (error) {
        failed += 1;
        why = error.message.split('\n').slice(0, 6).join('\n      ');
    }
    console.log(`${why ? 'FAIL' : 'pass'}  ${name.padEnd(24)} ${strict}${why && `\n      ${why}`}`);
}
console.log(`\n${listed.length + BESIDE.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
