// The operations of Short.io's official SDK, each with what has to be true of it. They run in this
// order; what one makes, later ones use.
import assert from 'node:assert/strict';
import { createHash, webcrypto } from 'node:crypto';
import vm from 'node:vm';

import jsQR from 'jsqr';
import { PNG } from 'pngjs';

const TO = 'https://example.com';

/** A link's answers have no type in the SDK where this is used, and must be links all the same. */
const isLink = ({ S }, link) => S.zGetLinkResponse.parse(link);

async function bytes(blob) {
    return Buffer.from(await blob.arrayBuffer());
}

export const OPERATIONS = [
    ['listDomains', async (it) => {
        const domains = await it.call('listDomains', { query: { limit: 300 } });
        it.domain = domains.find(({ hostname }) => hostname === new URL(it.baseUrl).hostname);
        assert(it.domain, 'the default domain is listed');
        const other = await it.call('listDomains', { query: { pattern: 'no-such-host' } });
        assert.deepEqual(other, []);
    }],
    ['createDomain', async (it) => {
        const hostname = `bücher-${it.run}.example`;
        const body = { hostname, hideReferer: true, linkType: 'four-char' };
        it.other = await it.call('createDomain', { body });
        assert.equal(it.other.unicodeHostname, hostname);
        assert.equal(it.other.hideReferer, true);
        await it.call('createDomain', { body, status: 409 });
    }],
    ['getDomain', async (it) => {
        const domain = await it.call('getDomain', { path: { domainId: it.other.id } });
        assert.equal(domain.hostname, it.other.hostname);
        assert.equal(domain.linkType, 'four-char');
        await it.call('getDomain', { path: { domainId: 1 }, status: 404 });
    }],
    ['updateDomainSettings', async (it) => {
        const path = { domainId: it.other.id };
        const settings = { linkType: 'eight-char', robots: 'noindex', cloaking: true, clientStorage: { a: 1 } };
        await it.call('updateDomainSettings', { path, body: settings });
        const domain = await it.call('getDomain', { path });
        for (const [name, value] of Object.entries(settings)) assert.deepEqual(domain[name], value);
        assert.equal(domain.hideReferer, true, 'what is not said stays');
    }],
    ['createLink', async (it) => {
        it.domainName = it.domain.hostname;
        const path = `sdk-${it.run}`;
        const body = {
            domain: it.domainName, path, originalURL: `${TO}/${it.run}`, title: 'SDK', tags: ['one'],
            utmSource: 'sdk', androidURL: `${TO}/android`, skipQS: true, cloaking: false,
        };
        it.link = await it.call('createLink', { body });
        assert.equal(it.link.duplicate, false);
        assert.equal(it.link.utmSource, 'sdk');
        const again = await it.call('createLink', { body });
        assert.deepEqual([again.duplicate, again.id], [true, it.link.id]);
        const elsewhere = { ...body, originalURL: `${TO}/elsewhere` };
        const taken = await it.call('createLink', { body: elsewhere, status: 409 });
        assert.equal(taken.statusCode, 409);
        const visited = await it.visit(it.link.shortURL);
        assert.equal(visited.headers.get('location'), `${TO}/${it.run}?utm_source=sdk`);
    }],
    ['createLinkPublic', async (it) => {
        const body = { domain: it.domainName, originalURL: `${TO}/public-${it.run}` };
        const made = await it.native('POST', '/keys', { name: 'public', scopes: ['links:create'] });
        const headers = { authorization: made.key };
        const link = await it.call('createLinkPublic', { body, headers });
        assert.equal(link.originalURL, body.originalURL);
        const again = await it.call('createLinkPublic', { body, headers });
        assert.equal(again.id, link.id);
        await it.call('getLink', { path: { linkId: link.id }, headers, status: 403 });
    }],
    ['createLinksBulk', async (it) => {
        const originalURL = `${TO}/bulk-${it.run}`;
        const links = [
            { originalURL },
            { originalURL: 'javascript:alert(1)' },
            { originalURL, allowDuplicates: true },
            { originalURL: `${TO}/b`, path: it.link.path },
            { originalURL },
        ];
        const made = await it.call('createLinksBulk', { body: { domain: it.domainName, links } });
        assert.equal(made.length, links.length);
        for (const i of [0, 2, 4]) isLink(it, made[i]);
        assert.equal(made[4].id, made[0].id, 'the first of them was there already');
        assert.notEqual(made[2].id, made[0].id);
        assert.deepEqual([made[1].success, made[1].status, made[3].status], [false, 400, 409]);
        it.bulk = [made[0].id, made[2].id];
    }],
    ['createLinkSimple', async (it) => {
        const originalURL = `${TO}/tweet-${it.run}`;
        const query = { domain: it.domainName, originalURL, title: 'Tweet', apiKey: it.key };
        const headers = { authorization: null };
        const link = await it.call('createLinkSimple', { query, headers });
        isLink(it, link);
        assert.equal(link.title, 'Tweet');
        const text = await it.call('createLinkSimple', { query: { ...query, urlOnly: '1' }, headers });
        assert.equal(text, link.shortURL);
        const wrong = { ...query, apiKey: 'wrong' };
        await it.call('createLinkSimple', { query: wrong, headers, status: 401 });
    }],
    ['createExampleLinks', async (it) => {
        const { success, links } = await it.call('createExampleLinks', { body: { domain: it.other.hostname } });
        assert(success && links.length);
        for (const link of links) assert.equal(link.DomainId, it.other.id);
        assert.equal(links[0].path.length, 8, "its domain's linkType");
    }],
    ['getLink', async (it) => {
        const link = await it.call('getLink', { path: { linkId: it.link.id } });
        assert.equal(link.title, 'SDK');
        await it.call('getLink', { path: { linkId: 'lnk_0000_00000' }, status: 404 });
    }],
    ['expandLink', async (it) => {
        const link = await it.call('expandLink', { query: { domain: it.domainName, path: it.link.path } });
        assert.equal(link.id, it.link.id);
    }],
    ['getLinkByOriginalUrl', async (it) => {
        const query = { domain: it.domainName, originalURL: it.link.originalURL };
        const link = isLink(it, await it.call('getLinkByOriginalUrl', { query }));
        assert.equal(link.id, it.link.id);
        const nowhere = { ...query, originalURL: `${TO}/nowhere-${it.run}` };
        await it.call('getLinkByOriginalUrl', { query: nowhere, status: 404 });
    }],
    ['getLinksByUrl', async (it) => {
        const query = { domain: it.domainName, originalURL: `${TO}/bulk-${it.run}` };
        const { links } = await it.call('getLinksByUrl', { query });
        links.forEach((link) => isLink(it, link));
        assert.deepEqual(links.map(({ id }) => id).sort(), [...it.bulk].sort());
    }],
    ['updateLink', async (it) => {
        const path = { linkId: it.link.id };
        const body = { title: 'New', redirectType: 307, expiresAt: Date.now() + 864e5, clicksLimit: 10, archived: false };
        const link = await it.call('updateLink', { path, body });
        assert.deepEqual([link.title, link.redirectType, link.clicksLimit], ['New', '307', 10]);
        assert.equal(link.originalURL, it.link.originalURL);
        const visited = await it.visit(it.link.shortURL, { 'user-agent': 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36' });
        assert.equal(visited.status, 307);
        assert.equal(visited.headers.get('location'), `${TO}/android?utm_source=sdk`);
    }],
    ['createLinkCountry', async (it) => {
        const path = { linkId: it.link.id };
        const rule = await it.call('createLinkCountry', { path, body: { country: 'US', originalURL: `${TO}/us` } });
        assert.deepEqual([rule.country, rule.originalURL, rule.link_idString], ['US', `${TO}/us`, it.link.id]);
    }],
    ['createLinkCountriesBulk', async (it) => {
        const body = [{ country: 'DE', originalURL: `${TO}/de` }, { country: 'EU', originalURL: `${TO}/eu` }];
        const rules = await it.call('createLinkCountriesBulk', { path: { linkId: it.link.id }, body });
        assert.deepEqual(rules.map(({ country }) => country), ['DE', 'EU']);
    }],
    ['getLinkCountries', async (it) => {
        const rules = await it.call('getLinkCountries', { path: { linkId: it.link.id } });
        assert.deepEqual(rules.map(({ country }) => country), ['US', 'DE', 'EU']);
    }],
    ['deleteLinkCountry', async (it) => {
        const path = { linkId: it.link.id, country: 'US' };
        assert.deepEqual(await it.call('deleteLinkCountry', { path }), { success: true });
        await it.call('deleteLinkCountry', { path, status: 404 });
    }],
    ['getRegionsByCountry', async (it) => {
        const regions = await it.call('getRegionsByCountry', { path: { country: 'US' } });
        assert(regions.some(({ id, name }) => id === 'NY' && name === 'New York'));
    }],
    ['createLinkRegion', async (it) => {
        const body = { country: 'US', region: 'NY', originalURL: `${TO}/ny` };
        const rule = await it.call('createLinkRegion', { path: { linkId: it.link.id }, body });
        assert.deepEqual([rule.region, rule.name, typeof rule.id], ['NY', 'New York', 'number']);
    }],
    ['createLinkRegionsBulk', async (it) => {
        const body = [{ country: 'GB', region: 'ENG', originalURL: `${TO}/eng` }];
        const [rule] = await it.call('createLinkRegionsBulk', { path: { linkId: it.link.id }, body });
        assert.equal(rule.name, 'England');
    }],
    ['getLinkRegions', async (it) => {
        const rules = await it.call('getLinkRegions', { path: { linkId: it.link.id } });
        assert.deepEqual(rules.map(({ region }) => region).sort(), ['ENG', 'NY']);
    }],
    ['deleteLinkRegion', async (it) => {
        const path = { linkId: it.link.id, country: 'GB', region: 'ENG' };
        assert.deepEqual(await it.call('deleteLinkRegion', { path }), { success: true });
    }],
    ['duplicateLink', async (it) => {
        const path = { linkId: it.link.id };
        const copy = await it.call('duplicateLink', { path, body: { path: `copy-${it.run}` } });
        assert.deepEqual([copy.duplicatedFrom, copy.path], [it.link.id, `copy-${it.run}`]);
        assert.notEqual(copy.id, it.link.id);
        const rules = await it.call('getLinkRegions', { path: { linkId: copy.id } });
        assert.deepEqual(rules.map(({ region }) => region), ['NY'], 'targets are copied');
        const random = await it.call('duplicateLink', { path, body: {} });
        assert.notEqual(random.path, copy.path);
        it.copies = [copy.id, random.id];
    }],
    ['addTagsBulk', async (it) => {
        await it.call('addTagsBulk', { body: { tag: 'two', link_ids: [it.link.id, ...it.copies] } });
        const link = await it.call('getLink', { path: { linkId: it.link.id } });
        assert.deepEqual(link.tags, ['one', 'two']);
    }],
    ['createFolder', async (it) => {
        const body = { domainId: it.domain.id, name: `Folder ${it.run}`, color: '0b6b74', redirectType: 301 };
        it.folder = await it.call('createFolder', { body });
        assert.deepEqual([it.folder.name, it.folder.DomainId, it.folder.color], [body.name, it.domain.id, '0b6b74']);
        await it.call('createFolder', { body, status: 409 });
        const inside = { domain: it.domainName, originalURL: `${TO}/in-${it.run}`, folderId: it.folder.id };
        const link = await it.call('createLink', { body: inside });
        assert.deepEqual([link.FolderId, link.redirectType], [it.folder.id, '301']);
    }],
    ['listFolders', async (it) => {
        const { linkFolders } = await it.call('listFolders', { path: { domainId: it.domain.id } });
        assert(linkFolders.some(({ id }) => id === it.folder.id));
    }],
    ['getFolder', async (it) => {
        const path = { domainId: it.domain.id, folderId: it.folder.id };
        assert.deepEqual(await it.call('getFolder', { path }), it.folder);
        assert.equal(await it.call('getFolder', { path: { ...path, folderId: 'none' } }), null);
    }],
    ['listLinks', async (it) => {
        const query = { domain_id: it.domain.id, limit: 2 };
        const first = await it.call('listLinks', { query });
        assert.equal(first.links.length, 2);
        const next = await it.call('listLinks', { query: { ...query, pageToken: first.nextPageToken } });
        assert(first.links.every(({ id }) => next.links.every((link) => link.id !== id)));
        const inside = await it.call('listLinks', { query: { ...query, folderId: it.folder.id } });
        assert.equal(inside.count, 1);
        const after = new Date(Date.now() + 864e5).toISOString();
        assert.equal((await it.call('listLinks', { query: { ...query, afterDate: after } })).count, 0);
        const before = await it.call('listLinks', { query: { ...query, beforeDate: after, dateSortOrder: 'asc' } });
        assert.notEqual(before.links[0].id, first.links[0].id);
    }],
    ['updateLinkOpengraph', async (it) => {
        const path = { domainId: it.domain.id, linkId: it.link.id };
        it.card = [['title', 'Card'], ['description', 'Text'], ['image', `${TO}/a.png`], ['image:width', '600'], ['twitter:card', 'summary']];
        assert.deepEqual(await it.call('updateLinkOpengraph', { path, body: it.card }), {});
        const preview = await it.visit(it.link.shortURL, { 'user-agent': 'facebookexternalhit/1.1' });
        const page = await preview.text();
        for (const word of ['og:title', 'og:image:width', 'twitter:card', 'summary']) assert(page.includes(word), word);
    }],
    ['getLinkOpengraph', async (it) => {
        const path = { domainId: it.domain.id, linkId: it.link.id };
        assert.deepEqual(await it.call('getLinkOpengraph', { path }), it.card);
        const none = await it.call('getLinkOpengraph', { path: { ...path, linkId: it.bulk[0] } });
        assert.deepEqual(none, []);
    }],
    ['addLinkPermission', async (it) => {
        const made = await it.native('POST', '/keys', { name: 'guest', scopes: ['domains:read'] });
        it.guest = { authorization: made.key };
        const reads = { path: { linkId: it.link.id }, headers: it.guest };
        await it.call('getLink', { ...reads, status: 403 });
        const path = { domainId: String(it.domain.id), linkId: it.link.id, userId: made.id };
        it.permission = await it.call('addLinkPermission', { path, status: 201 });
        assert.deepEqual([it.permission.DomainId, it.permission.LinkIdString], [it.domain.id, it.link.id]);
        await it.call('getLink', reads);
        await it.call('getLink', { path: { linkId: it.bulk[0] }, headers: it.guest, status: 403 });
        await it.call('addLinkPermission', { path: { ...path, userId: '1' }, status: 404 });
    }],
    ['getLinkPermissions', async (it) => {
        const path = { domainId: String(it.domain.id), linkId: it.link.id };
        assert.deepEqual(await it.call('getLinkPermissions', { path }), [it.permission]);
    }],
    ['deleteLinkPermission', async (it) => {
        const path = { domainId: it.domain.id, linkId: it.link.id, userId: String(it.permission.UserId) };
        assert.deepEqual(await it.call('deleteLinkPermission', { path, status: 201 }), { success: true });
        await it.call('getLink', { path: { linkId: it.link.id }, headers: it.guest, status: 403 });
    }],
    ['generateQrCode', async (it) => {
        const path = { linkIdString: it.link.id };
        const png = await it.call('generateQrCode', { path, body: { useDomainSettings: false, type: 'png', size: 10, color: '0b6b74' } });
        const { data, width, height } = PNG.sync.read(await bytes(png));
        assert.equal(jsQR(data, width, height)?.data, `${it.link.shortURL}?qr`, 'it can be scanned');
        const svg = await it.call('generateQrCode', { path, body: { useDomainSettings: true, type: 'svg' } });
        assert((await bytes(svg)).toString().startsWith('<svg'));
    }],
    ['generateQrCodesBulk', async (it) => {
        const body = { type: 'png', useDomainSettings: true, linkIds: it.copies };
        const zip = await it.call('generateQrCodesBulk', { body, status: 201 });
        assert.equal((await bytes(zip)).subarray(0, 2).toString(), 'PK');
    }],
    ['archiveLink', async (it) => {
        const body = { link_id: it.link.id };
        assert.equal((await it.call('archiveLink', { body })).success, true);
        assert.equal((await it.visit(it.link.shortURL)).status, 404);
    }],
    ['unarchiveLink', async (it) => {
        assert.equal((await it.call('unarchiveLink', { body: { link_id: it.link.id } })).success, true);
        assert.equal((await it.visit(it.link.shortURL)).status, 307);
    }],
    ['archiveLinksBulk', async (it) => {
        await it.call('archiveLinksBulk', { body: { link_ids: it.copies } });
        const link = await it.call('getLink', { path: { linkId: it.copies[0] } });
        assert.equal(link.archived, true);
    }],
    ['unarchiveLinksBulk', async (it) => {
        await it.call('unarchiveLinksBulk', { body: { link_ids: it.copies } });
        const link = await it.call('getLink', { path: { linkId: it.copies[1] } });
        assert.equal(link.archived, false);
    }],
    ['deleteLink', async (it) => {
        const { idString } = await it.call('deleteLink', { path: { link_id: it.link.id } });
        assert.equal(idString, it.link.id);
        await it.call('deleteLink', { path: { link_id: it.link.id }, status: 404 });
    }],
    ['deleteLinksBulk', async (it) => {
        await it.call('deleteLinksBulk', { body: { link_ids: it.copies } });
        for (const linkId of it.copies) await it.call('getLink', { path: { linkId }, status: 404 });
    }],
];

/** What the SDK does beside the operations of the API. */
export const BESIDE = [
    ['createEncryptedLink', async (it) => {
        const originalURL = `${TO}/secret?${it.run}`;
        const { data } = await it.S.createEncryptedLink({
            client: it.client, body: { domain: it.domainName, originalURL },
        });
        assert(data.originalURL.startsWith('shortsecure://'), 'the server knows the ciphertext alone');
        const [, key] = data.shortURL.split('#');
        const visited = await it.visit(data.shortURL);
        const page = await visited.text();
        const [, script] = page.match(/<script>(.*)<\/script>/s);
        const hash = createHash('sha256').update(script).digest('base64');
        assert(visited.headers.get('content-security-policy').includes(`'sha256-${hash}'`));
        assert.equal(await unseal(page, script, key), originalURL);
        assert.equal(await unseal(page, script, 'AAAAAAAAAAAAAAAAAAAAAA=='), undefined, 'by its key alone');
    }],
];

/** Runs the page's script as a browser would; where it went, if anywhere. */
async function unseal(page, script, key) {
    const dataset = {
        text: page.match(/data-text="([^"]*)"/)[1],
        iv: page.match(/data-iv="([^"]*)"/)[1],
    };
    let went;
    const elements = { sealed: { dataset }, failed: { hidden: true } };
    await vm.runInNewContext(script, {
        document: { getElementById: (id) => elements[id] },
        location: { hash: `#${key}`, replace: (url) => { went = url; } },
        crypto: webcrypto, atob, Uint8Array, TextDecoder,
    });
    assert.equal(elements.failed.hidden, went !== undefined);
    return went;
}
