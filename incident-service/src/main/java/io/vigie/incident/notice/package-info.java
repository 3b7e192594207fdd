/**
 * What people are told, by mail and what else is configured. Services ask for it by {@code
 * notification.requested.v1}, this one by {@link io.vigie.incident.notice.Notices}, and nothing
 * else sends any but audit-service its checkpoints. A notice waits until the mail server took it,
 * with longer and longer pauses between attempts, or until it has no sense any more; either is an
 * event.
 *
 * <p>An address is asked of access-service just before a mail leaves and is kept nowhere: neither
 * in a row nor in what is said of a failure. What a mail says stands in {@code contracts/notices};
 * the event brings ids and times to fill it with, and this service terms of machines.
 */
package io.vigie.incident.notice;
