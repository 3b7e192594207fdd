/** Audits, their rooms, and evidence that auditors ask for. */
package io.vigie.console.audit;
