/**
 * From a committed decision to a record in Kafka: facts are rows of the transaction that made them
 * true, and one relay per service sends them, numbered and in order, at least once. Nothing is ever
 * skipped: what cannot be sent stalls its own object, shows in health, and waits for an operator.
 */
package io.vigie.kernel.outbox;
