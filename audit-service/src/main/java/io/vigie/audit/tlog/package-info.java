/**
 * The log as outsiders read it, in the formats of C2SP: tiles of hashes and bundles of entries
 * (tlog-tiles), and receipts that prove one entry each (tlog-proof). Nothing is served or proven
 * that no signed checkpoint covers, so an answer never shows a state that the log could still deny.
 * What is served never changes: every tile, and every part of one, may be cached for good.
 */
package io.vigie.audit.tlog;
