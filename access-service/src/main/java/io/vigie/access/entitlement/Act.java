package io.vigie.access.entitlement;

import java.time.Instant;

import jakarta.persistence.Embeddable;

/**
 * Who did something, when and why.
 *
 * @param by the subject of the actor
 * @param reason null where none is asked for
 */
@Embeddable
public record Act(String by, Instant at, String reason) {}
