/**
 * Erasure (GDPR article 17): what the log holds of a person is made unreadable by destroying their
 * keys, while every proof goes on holding. An order is an event ({@link
 * io.vigie.audit.erasure.ErasureEvent}) before any key is destroyed, and its completion another
 * one; what a crash interrupts is taken up again until it is done.
 */
package io.vigie.audit.erasure;
