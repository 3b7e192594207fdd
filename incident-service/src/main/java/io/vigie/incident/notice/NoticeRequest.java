package io.vigie.incident.notice;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A request for a notice, as its event has it.
 *
 * @param person who is told, or null
 * @param role whose mailbox is told, or null; one of the two is there
 */
record NoticeRequest(
    UUID aggregateId,
    UUID person,
    String role,
    String template,
    Map<String, String> parameters,
    String dedupeKey,
    Instant notBefore,
    Instant until,
    Instant at) {}
