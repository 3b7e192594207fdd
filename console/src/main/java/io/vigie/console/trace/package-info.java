/**
 * What the log says and how it proves it: searches, entries, what happened to an object, receipts
 * that the browser verifies, and files to take away.
 */
package io.vigie.console.trace;
