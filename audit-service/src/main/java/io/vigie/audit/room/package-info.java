/**
 * What one may read of the log and of the controls. Whoever audits from outside reads what the open
 * audits that name them cover, as long as these are open, and nothing else: a room in which the
 * evidence lies that they came for.
 */
package io.vigie.audit.room;
