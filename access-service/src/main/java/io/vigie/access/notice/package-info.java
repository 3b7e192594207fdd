/**
 * Telling people by mail. Nothing here sends any: a notice is asked for by an event, {@code
 * notification.requested.v1}, in the transaction of what it tells of, and incident-service sends
 * it. It names a template of {@code contracts/notices} and has ids and times to fill it with, so
 * that neither an address nor a name stands in an event.
 */
package io.vigie.access.notice;
