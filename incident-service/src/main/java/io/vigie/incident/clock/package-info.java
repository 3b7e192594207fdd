/**
 * Whom an incident has to be told to, and until when (R13.2). The regimes, legal and contractual
 * ones and the agency's own, are data: {@code contracts/policy/notification-regimes.json}. A
 * responder or the CISO says which of them an incident falls under and when the agency became
 * aware; each then has its {@link io.vigie.incident.clock.NotificationClock clocks}, whose due
 * times follow from the regime and are never edited. A clock ends by a notification, or by the
 * CISO's decision that there is none.
 */
package io.vigie.incident.clock;
