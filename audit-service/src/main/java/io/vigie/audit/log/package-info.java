/**
 * Answers from the log: search, an object's history, proofs, exports. It reads committed entries
 * only, which never change, so a page, a proof and an export are each of one consistent size
 * without a lock. Who reads payloads leaves an event behind ({@link
 * io.vigie.audit.log.AuditEvent}).
 */
package io.vigie.audit.log;
