/**
 * Mechanism, never meaning: what is the same in every service and dangerous to get subtly wrong.
 *
 * <p>A command runs in one transaction ({@link io.vigie.kernel.web.Command}); the facts it decided
 * go into the {@link io.vigie.kernel.outbox.Outbox} of the same transaction; the relay sends them
 * to Kafka in order, at least once; whoever listens does so through the {@link
 * io.vigie.kernel.inbox.Inbox}, which makes "at least once" into "once". A refusal is a {@link
 * io.vigie.kernel.Problem} for the caller and a fact for the log.
 *
 * <p>Domain ids, enums, events, entities and REST records do not belong here, and nothing here is
 * made to be subclassed.
 */
package io.vigie.kernel;
