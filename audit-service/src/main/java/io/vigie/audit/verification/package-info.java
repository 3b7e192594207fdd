/**
 * The log checked every night by the code that outsiders check it with: the offline verifier reads
 * the log as it is stored, and what no export shows (ids, alerts, tiles, the newest signed
 * checkpoint) is compared beside it. What comes out is an event, a figure, and an alert when it is
 * bad.
 */
package io.vigie.audit.verification;
